/** Asks before content types are taken out whose documents then lose their states, and may be published as they are. */
import { ConfirmDialog } from '../../components/confirm-dialog';
import { useText } from '../../translations/use-text';
import type { TypeChoice } from './type-choices';
import type { Saving } from './use-save';

type Props = { saving: Saving; types: TypeChoice[] };

export const ReleaseDialog = ({ saving: { releasing, release, keep }, types }: Props) => {
  const text = useText();
  const labelOf = (uid: string) => types.find(({ value }) => value === uid)?.label ?? uid;
  const sentences = releasing.map(({ uid, documents }) =>
    text('workflows.release.documents', { type: labelOf(uid), count: documents }),
  );
  return (
    <ConfirmDialog
      isOpen={releasing.length > 0}
      title={text('workflows.release.title')}
      confirmLabel={text('workflows.release.confirm')}
      onConfirm={release}
      onClose={keep}
    >
      {[...sentences, text('workflows.release.consequence')].join(' ')}
    </ConfirmDialog>
  );
};
