/** Sends many deliveries again: those of a webhook, of some states, of a time; of the list's event and document alone. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { PaperPlane } from '@strapi/icons';
import {
  manySchema,
  type DeliveryState,
  type Many as Choice,
} from '../../../server/contract/delivery';
import { inWords } from '../../../server/contract/api';
import { fieldProblems, problemOf, type FieldProblems } from '../../services/problem';
import { afterPress } from '../../components/after-press';
import { FormFailure } from '../../forms/form-failure';
import { Message } from '../../components/message';
import { useNotice } from '../../components/use-notice';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import { RESENDABLE_STATES, statesIn } from './delivery-states';
import { ResendManyFields, type WebhookOption } from './resend-many-fields';
import { ResendProgress, ResendSummary, useMatching } from './resend-summary';
import { useResending } from './use-resending';

type Filters = Record<string, string>;

/** The list's filters, as far as many can be resent by them; dead ones, if it shows every state. */
const choiceOf = ({ webhook, state, event, documentId, search, from, to }: Filters): Choice => {
  const resendable: readonly DeliveryState[] = RESENDABLE_STATES;
  const states = statesIn(state).filter((one) => resendable.includes(one));
  const chosen = states.length > 0 ? states : (['dead'] as const);
  return { webhook, states: [...chosen], event, documentId, search, from, to };
};

type Props = {
  filters: Filters;
  webhooks: WebhookOption[];
  onClose: () => void;
};

const useResendMany = ({ filters, onClose }: Props) => {
  const resending = useResending();
  const text = useText();
  const notice = useNotice();
  const [first] = React.useState(() => choiceOf(filters));
  const [choice, setChoice] = React.useState(first);
  const [problems, setProblems] = React.useState<FieldProblems>({});
  const [failure, setFailure] = React.useState<string | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const change = (patch: Partial<Choice>) => {
    setChoice((before) => ({ ...before, ...patch }));
    // Strapi's pickers report what was typed as they are left: by a click on what is below the message, mostly.
    afterPress(() => setProblems((shown) => (shown === problems ? {} : shown)));
  };
  const send = async () => {
    try {
      const count = await resending.start(choice);
      notice.done(text('deliveries.resent', { count }));
      onClose();
    } catch (error) {
      const { message, fields } = problemOf(error);
      setProblems(fields);
      setFailure(message ?? text('common.unreachable'));
      setBusy(false);
    }
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const issues = manySchema.safeParse(choice, { error: inWords }).error?.issues ?? [];
    setProblems(fieldProblems(issues));
    if (issues.length > 0 || isBusy) return;
    setBusy(true);
    setFailure(null);
    void send();
  };
  const isDirty = JSON.stringify(choice) !== JSON.stringify(first);
  return { choice, change, isDirty, problems, failure, isBusy, submit, resending };
};

/** The list's, which the form has no field for. */
const Narrower = ({ event, documentId, search }: Choice) => {
  const text = useText();
  const only = [event, documentId, search && `"${search}"`].filter(Boolean).join(', ');
  return only === '' ? null : (
    <Message variant="warning">{text('deliveries.resendOnly', { only })}</Message>
  );
};

const FORM_ID = 'resend-many';

export const ResendMany = (props: Props) => {
  const text = useText();
  const form = useResendMany(props);
  const found = useMatching(form.choice);
  const { done, stop } = form.resending;
  return (
    <ModalFrame
      title={text('deliveries.resendMany')}
      isBusy={form.isBusy}
      isDirty={form.isDirty}
      onClose={props.onClose}
      footer={
        <>
          <Button variant="tertiary" onClick={form.isBusy ? stop : props.onClose}>
            {text(form.isBusy ? 'deliveries.stop' : 'common.cancel')}
          </Button>
          <Button
            type="submit"
            form={FORM_ID}
            startIcon={<PaperPlane />}
            loading={form.isBusy}
            disabled={found?.count === 0}
          >
            {text('deliveries.resend')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} onSubmit={form.submit} noValidate>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <FormFailure message={form.failure} />
          <Narrower {...form.choice} />
          <ResendManyFields
            choice={form.choice}
            problems={form.problems}
            webhooks={props.webhooks}
            onChange={form.change}
          />
          {done === null ? (
            <ResendSummary found={found} />
          ) : (
            <ResendProgress done={done} total={Math.max(done, found?.count ?? 0)} />
          )}
        </Flex>
      </form>
    </ModalFrame>
  );
};
