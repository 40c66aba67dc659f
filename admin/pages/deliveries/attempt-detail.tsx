/** One HTTP call of a delivery: what was sent, what came back, and the way to repeat it by hand. */
import type * as React from 'react';
import { Flex, Grid, Typography } from '@strapi/design-system';
import type { Attempt, RecordedRequest, RecordedResponse } from '../../../server/contract/delivery';
import { MASK } from '../../../server/contract/names';
import { CodeBlock } from '../../components/code-block';
import { CopyButton } from '../../components/copy-button';
import { HeadersList } from '../../domain/headers-list';
import { Message } from '../../components/message';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';
import { curlOf } from './curl';
import { prettyBody } from '../../domain/pretty-body';

const Half = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Grid.Item col={6} m={12} s={12} xs={12} direction="column" alignItems="stretch" gap={4}>
    <Typography variant="delta" tag="h3">
      {title}
    </Typography>
    {children}
  </Grid.Item>
);

const Body = ({ body, isHidden }: { body: string; isHidden: boolean }) => {
  const text = useText();
  if (isHidden)
    return <Typography textColor="neutral600">{text('deliveries.hiddenBody')}</Typography>;
  return body === '' ? (
    <Typography textColor="neutral600">{text('deliveries.noBody')}</Typography>
  ) : (
    <CodeBlock label={text('deliveries.body')} code={prettyBody(body)} copied={body} />
  );
};

const Curl = ({ request }: { request: RecordedRequest }) => {
  const text = useText();
  const command = curlOf(request);
  return (
    <Flex gap={4} wrap="wrap">
      <CopyButton value={command} label={text('deliveries.copyCurl')} />
      {command.includes(MASK) && (
        <Typography variant="pi" textColor="neutral600">
          {text('deliveries.maskHint', { mask: MASK })}
        </Typography>
      )}
    </Flex>
  );
};

const Request = ({ request, isHidden }: { request: RecordedRequest; isHidden: boolean }) => {
  const text = useText();
  return (
    <Half title={text('deliveries.request')}>
      <CodeBlock label={text('deliveries.url')} code={`${request.method} ${request.url}`} />
      <HeadersList label={text('deliveries.headers')} headers={request.headers} />
      <Body body={request.body} isHidden={isHidden} />
    </Half>
  );
};

type ResponseProps = { response: RecordedResponse | null; isHidden: boolean };

const Response = ({ response, isHidden }: ResponseProps) => {
  const text = useText();
  return (
    <Half title={text('deliveries.response')}>
      {response ? (
        <>
          <CodeBlock label={text('deliveries.statusLabel')} code={String(response.status)} />
          <HeadersList label={text('deliveries.headers')} headers={response.headers} />
          <Body body={response.body} isHidden={isHidden} />
        </>
      ) : (
        <Typography textColor="neutral600">{text('deliveries.noResponse')}</Typography>
      )}
    </Half>
  );
};

type AttemptProps = { attempt: Attempt; isContentHidden: boolean };

export const AttemptDetail = ({ attempt, isContentHidden }: AttemptProps) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={6}>
      {attempt.error && (
        <Message variant="danger" title={text(`outcome.${attempt.outcome}`)}>
          {inOwnWords(attempt.error, text)}
        </Message>
      )}
      {!isContentHidden && <Curl request={attempt.request} />}
      <Grid.Root gap={6}>
        <Request request={attempt.request} isHidden={isContentHidden} />
        <Response response={attempt.response} isHidden={isContentHidden} />
      </Grid.Root>
    </Flex>
  );
};
