/** One HTTP call: its answer, and behind it what was sent. */
import { Box, Flex, Tabs, Typography } from '@strapi/design-system';
import type { RecordedRequest, RecordedResponse } from '../../server/contract/delivery';
import { useText } from '../translations/use-text';
import { CodeBlock } from '../components/code-block';
import { HeadersList } from './headers-list';
import { prettyBody } from './pretty-body';

const Answer = ({ response }: { response: RecordedResponse | null }) => {
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

const Sent = ({ request }: { request: RecordedRequest }) => {
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

type Props = { request: RecordedRequest; response: RecordedResponse | null };

export const Exchange = ({ request, response }: Props) => {
  const text = useText();
  return (
    <Tabs.Root defaultValue="answer" variant="simple">
      <Tabs.List aria-label={text('test.details')}>
        <Tabs.Trigger value="answer">{text('http.answer')}</Tabs.Trigger>
        <Tabs.Trigger value="request">{text('http.request')}</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="answer">
        <Box paddingTop={4}>
          <Answer response={response} />
        </Box>
      </Tabs.Content>
      <Tabs.Content value="request">
        <Box paddingTop={4}>
          <Sent request={request} />
        </Box>
      </Tabs.Content>
    </Tabs.Root>
  );
};
