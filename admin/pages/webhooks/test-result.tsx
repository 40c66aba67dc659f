/** What a test sent, and what came back. */
import { Flex } from '@strapi/design-system';
import type { TestResult as Result } from '../../../server/contract/delivery';
import { CallSummary } from '../../domain/call-summary';
import { Exchange } from '../../domain/exchange';
import { Message } from '../../components/message';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';
import { VerdictDetails } from './verdict-details';

/** A verdict says what went wrong by itself, and what that means besides. */
export const TestResult = ({ result }: { result: Result }) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      {result.verdict && <VerdictDetails verdict={result.verdict} />}
      <CallSummary
        isOk={result.ok}
        label={result.verdict ? null : text(result.ok ? 'test.ok' : 'test.notOk')}
        response={result.response}
        durationMs={result.durationMs}
      />
      {result.error && !result.verdict && (
        <Message variant={result.ok ? 'warning' : 'danger'} title={text('test.error')}>
          {inOwnWords(result.error, text)}
        </Message>
      )}
      <Exchange request={result.request} response={result.response} />
    </Flex>
  );
};
