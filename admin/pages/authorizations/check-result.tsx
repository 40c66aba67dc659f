/** What trying an authorization came to: in words, then the token, then the call itself. */
import { Box, Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { AuthorizationCheck } from '../../../server/contract/authorization';
import { CallSummary } from '../../domain/call-summary';
import { Exchange } from '../../domain/exchange';
import { Facts } from '../../components/facts';
import { Folded } from '../../components/folded';
import { Message } from '../../components/message';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';

const Token = ({ token }: { token: NonNullable<AuthorizationCheck['token']> }) => {
  const text = useText();
  const { formatDate } = useIntl();
  const until = token.expiresAt
    ? formatDate(token.expiresAt, { dateStyle: 'medium', timeStyle: 'medium' })
    : text('check.token.notSaid');
  return (
    <Facts
      label={text('check.token')}
      facts={[
        [text('check.token.url'), token.url],
        [text('check.token.expiresAt'), until],
        [text('check.token.scope'), token.scope || text('check.token.noScope')],
      ]}
    />
  );
};

export const CheckResult = ({ result }: { result: AuthorizationCheck }) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <CallSummary
        isOk={result.ok}
        label={text(result.ok ? 'check.ok' : 'check.failed')}
        response={result.response}
        durationMs={result.durationMs}
      />
      {result.ok ? (
        <Typography style={{ overflowWrap: 'anywhere' }}>{result.message}</Typography>
      ) : (
        <Message variant="danger" title={text('test.error')}>
          {inOwnWords(result.message, text)}
        </Message>
      )}
      {result.token && <Token token={result.token} />}
      {result.request && (
        <Folded label={text('test.details')}>
          <Box paddingTop={2}>
            <Exchange request={result.request} response={result.response} />
          </Box>
        </Folded>
      )}
    </Flex>
  );
};
