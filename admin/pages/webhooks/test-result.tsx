/** What a test sent, and what came back. */
import { Badge, Box, Flex, Tabs, Typography } from '@strapi/design-system';
import type { TestResult as Result } from '../../../server/contract/delivery';
import { CodeBlock } from '../../components/code-block';
import { HeadersList } from '../../components/headers-list';
import { Message } from '../../components/message';
import { useText } from '../../translations/use-text';
import { prettyBody } from '../../components/pretty-body';

const Summary = ({ result }: { result: Result }) => {
  const text = useText();
  return (
    <Flex gap={3} wrap="wrap">
      <Badge variant={result.ok ? 'success' : 'danger'}>
        {text(result.ok ? 'test.ok' : 'test.notOk')}
      </Badge>
      {result.response && (
        <Typography fontWeight="bold">
          {text('test.status', { status: result.response.status })}
        </Typography>
      )}
      <Typography textColor="neutral600">
        {text('test.duration', { ms: result.durationMs })}
      </Typography>
    </Flex>
  );
};

const Answer = ({ result: { response } }: { result: Result }) => {
  const text = useText();
  if (!response) return <Typography textColor="neutral600">{text('test.noAnswer')}</Typography>;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <HeadersList label={text('http.answerHeaders')} headers={response.headers} />
      <CodeBlock
        label={text('http.answerBody')}
        code={prettyBody(response.body) || text('http.emptyBody')}
        copied={response.body}
      />
    </Flex>
  );
};

const Sent = ({ result: { request } }: { result: Result }) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <CodeBlock label={text('http.url')} code={`${request.method} ${request.url}`} />
      <HeadersList label={text('http.requestHeaders')} headers={request.headers} />
      <CodeBlock
        label={text('http.requestBody')}
        code={prettyBody(request.body)}
        copied={request.body}
      />
    </Flex>
  );
};

export const TestResult = ({ result }: { result: Result }) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Summary result={result} />
      {result.error && (
        <Message variant={result.ok ? 'warning' : 'danger'} title={text('test.error')}>
          {result.error}
        </Message>
      )}
      <Tabs.Root defaultValue="answer" variant="simple">
        <Tabs.List aria-label={text('test.details')}>
          <Tabs.Trigger value="answer">{text('http.answer')}</Tabs.Trigger>
          <Tabs.Trigger value="request">{text('http.request')}</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="answer">
          <Box paddingTop={4}>
            <Answer result={result} />
          </Box>
        </Tabs.Content>
        <Tabs.Content value="request">
          <Box paddingTop={4}>
            <Sent result={result} />
          </Box>
        </Tabs.Content>
      </Tabs.Root>
    </Flex>
  );
};
