/** Sends a sample to the endpoint, and shows what was sent and what came back. */
import * as React from 'react';
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import { Play } from '@strapi/icons';
import type { TestResult as Result } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import { useCall } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { useNotice } from '../../components/use-notice';
import { Message } from '../../components/message';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import { sampleEvents } from './sample-events';
import { TestResult } from './test-result';

type Props = {
  webhook: Webhook;
  /** A test sends what is stored, which is then not what the form shows. */
  isDirty: boolean;
  onClose: () => void;
};

/** Of the kinds that hang on a workflow, the server makes up the move that they are told or asked of. */
const useTest = (webhook: Webhook, event: string) => {
  const test = useCall(webhooks.test);
  const notice = useNotice();
  const [result, setResult] = React.useState<Result | null>(null);
  const [isSending, setSending] = React.useState(false);
  const send = async () => {
    setSending(true);
    setResult(null);
    try {
      const sample = webhook.kind === 'event' ? { event } : {};
      setResult(await test({ id: webhook.id, sample }));
    } catch (error) {
      notice.failed(error);
    } finally {
      setSending(false);
    }
  };
  return { result, isSending, send };
};

export const SendTest = ({ webhook, isDirty, onClose }: Props) => {
  const text = useText();
  const [event, setEvent] = React.useState('webhook.test');
  const { result, isSending, send } = useTest(webhook, event);
  return (
    <ModalFrame
      title={text('test.title', { name: webhook.name })}
      onClose={onClose}
      footer={
        <>
          <Button variant="tertiary" onClick={onClose}>
            {text('common.close')}
          </Button>
        </>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        {isDirty && (
          <Message variant="warning" title={text('test.unsaved')}>
            {text('test.usesStored')}
          </Message>
        )}
        <Flex gap={3} alignItems={webhook.kind === 'event' ? 'flex-end' : 'center'}>
          <Box flex="1">
            {webhook.kind === 'event' ? (
              <Labelled name="testEvent" label={text('test.event')}>
                <Choice
                  value={event}
                  options={sampleEvents(webhook.events, ['webhook.test'])}
                  onChange={setEvent}
                />
              </Labelled>
            ) : (
              <Typography textColor="neutral600">{text(`test.about.${webhook.kind}`)}</Typography>
            )}
          </Box>
          <Button size="L" startIcon={<Play />} loading={isSending} onClick={send}>
            {text('test.send')}
          </Button>
        </Flex>
        <Box aria-live="polite">{result && <TestResult result={result} />}</Box>
      </Flex>
    </ModalFrame>
  );
};
