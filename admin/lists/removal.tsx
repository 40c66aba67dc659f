/** Deleting one row of a list, after a question. */
import * as React from 'react';
import { ConfirmDelete } from '../components/confirm-delete';
import { useNotice } from '../components/use-notice';
import type { Callable } from '../services/api';
import type { OfOne } from '../services/resource';
import { useCall } from '../services/use-load';
import { useText } from '../translations/use-text';

type Named = { id: string; name: string };

export type Removal<Row extends Named> = {
  /** What is to be deleted; null: nothing is asked. */
  asked: Row | null;
  ask: (row: Row | null) => void;
  confirm: () => Promise<void>;
};

/** `onFailed` says why it failed; without it, a notice does. */
export const useRemoval = <Row extends Named>(
  endpoint: Callable<null, OfOne>,
  onFailed?: (error: unknown) => void,
): Removal<Row> => {
  const text = useText();
  const notice = useNotice();
  const remove = useCall(endpoint);
  const [asked, ask] = React.useState<Row | null>(null);
  const confirm = async () => {
    if (!asked) return;
    try {
      await remove({ id: asked.id });
      notice.done(text('common.deleted', { name: asked.name }));
    } catch (error) {
      (onFailed ?? notice.failed)(error);
    }
  };
  return { asked, ask, confirm };
};

type Props<Row extends Named> = {
  removal: Removal<Row>;
  /** What the end of it means, for example for deliveries that are pending. */
  consequence: string;
};

export const ConfirmRemoval = <Row extends Named>({ removal, consequence }: Props<Row>) => (
  <ConfirmDelete
    name={removal.asked?.name ?? null}
    consequence={consequence}
    onConfirm={removal.confirm}
    onClose={() => removal.ask(null)}
  />
);
