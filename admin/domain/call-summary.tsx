/** A call in one line: whether it was good, with which status it was answered, and how long it took. */
import { Flex, Typography } from '@strapi/design-system';
import type { RecordedResponse } from '../../server/contract/delivery';
import { Badge } from '../components/badge';
import { useText } from '../translations/use-text';

type Props = {
  isOk: boolean;
  /** Null where something else says how it went. */
  label: string | null;
  response: RecordedResponse | null;
  durationMs: number;
};

export const CallSummary = ({ isOk, label, response, durationMs }: Props) => {
  const text = useText();
  return (
    <Flex gap={3} wrap="wrap">
      {label !== null && <Badge variant={isOk ? 'success' : 'danger'}>{label}</Badge>}
      {response && (
        <Typography fontWeight="bold">
          {text('test.status', { status: response.status })}
        </Typography>
      )}
      <Typography textColor="neutral600">{text('test.duration', { ms: durationMs })}</Typography>
    </Flex>
  );
};
