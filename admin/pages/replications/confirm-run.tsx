/** Says what a run replaces, before it does. */
import { ConfirmDialog } from '../../components/confirm-dialog';
import { useText } from '../../translations/use-text';
import type { Running } from './use-running';

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
