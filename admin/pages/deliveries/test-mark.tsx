/** Marks a delivery that an administrator made with "Send test". */
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';

export const TestMark = ({ isTest }: { isTest: boolean }) => {
  const text = useText();
  return isTest ? (
    <Badge size="S" variant="secondary">
      {text('deliveries.test')}
    </Badge>
  ) : null;
};
