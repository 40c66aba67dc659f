/** Running and cancelling a replication. Before a run, a question says what it replaces at the destination. */
import * as React from 'react';
import type { Replication } from '../../../server/contract/replication';
import { ConfirmDialog } from '../../components/confirm-dialog';
import { useNotice } from '../../components/use-notice';
import { replications } from '../../services/replications';
import { useCall } from '../../services/use-load';
import { useText } from '../../translations/use-text';

const EVERY_MS = 1000;

export const isRunning = ({ lastRun }: Replication) => lastRun?.state === 'running';

/** How soon to look again (ms). */
export const whileRunning = (all: readonly Replication[]): number | null =>
  all.some(isRunning) ? EVERY_MS : null;

export const useRunning = () => {
  const run = useCall(replications.run);
  const cancel = useCall(replications.cancel);
  const notice = useNotice();
  const [asked, ask] = React.useState<Replication | null>(null);
  return {
    asked,
    ask,
    run: async () => {
      if (asked) await run(asked.id).catch(notice.failed);
    },
    cancel: ({ id }: Replication) => cancel(id).catch(notice.failed),
  };
};

export type Running = ReturnType<typeof useRunning>;

export const ConfirmRun = ({ asked, ask, run }: Running) => {
  const text = useText();
  return (
    <ConfirmDialog
      isOpen={asked !== null}
      title={text('replications.runTitle', { name: asked?.name ?? '' })}
      confirmLabel={text('replications.runConfirm')}
      onConfirm={run}
      onClose={() => ask(null)}
    >
      {text('replications.runConsequence', { destination: asked?.destination ?? '' })}
    </ConfirmDialog>
  );
};
