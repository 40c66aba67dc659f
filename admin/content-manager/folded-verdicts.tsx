/** What validations said, folded away until somebody wants to know. */
import type { Verdict } from '../../server/contract/document';
import { Folded } from '../components/folded';
import { useText } from '../translations/use-text';
import { VerdictList } from './verdict-list';

export const FoldedVerdicts = ({ verdicts }: { verdicts: Verdict[] }) => {
  const text = useText();
  const label = text('document.answers', { count: verdicts.length });
  return verdicts.length === 0 ? null : (
    <Folded label={label}>
      <VerdictList label={label} verdicts={verdicts} />
    </Folded>
  );
};
