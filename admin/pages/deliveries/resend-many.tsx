/** Sends many deliveries again: those of a webhook, of some states, of a time. */
import * as React from 'react';
import { Button, Flex, Modal, Typography } from '@strapi/design-system';
import { PaperPlane } from '@strapi/icons';
import {
  resendManySchema,
  type DeliveryState,
  type ResendMany as Choice,
} from '../../../server/contract/delivery';
import { fieldProblems, isAborted, problemOf, type FieldProblems } from '../../api/problem';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { FormFailure } from '../../components/form-failure';
import { Message } from '../../components/message';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { RESENDABLE_STATES, statesIn } from './delivery-states';
import { ResendManyFields, type WebhookOption } from './resend-many-fields';

type Filters = Record<string, string>;

/** The list's filters, as far as many can be resent by them; dead ones, if it shows every state. */
const choiceOf = ({ webhook, state, from, to }: Filters): Choice => {
  const resendable: readonly DeliveryState[] = RESENDABLE_STATES;
  const states = statesIn(state).filter((one) => resendable.includes(one));
  return { webhook, states: states.length > 0 ? states : ['dead'], from, to };
};

/** How many the choice finds now; null while that is not known. */
const useMatching = ({ webhook, states, from, to }: Choice): number | null => {
  const api = useApi();
  const state = states.join(',');
  const load = useLoad(
    React.useCallback(async () => {
      if (!state) return 0;
      const query = { webhook, state, from, to, pageSize: 1 };
      return (await api.deliveries.list(query)).meta.pagination.total;
    }, [api, webhook, state, from, to]),
  );
  return load.isLoading || load.problem ? null : (load.data ?? null);
};

type Props = {
  filters: Filters;
  webhooks: WebhookOption[];
  onResent: () => void;
  onClose: () => void;
};

const useResendMany = ({ filters, onResent, onClose }: Props) => {
  const api = useApi();
  const text = useText();
  const notice = useNotice();
  const [choice, setChoice] = React.useState(() => choiceOf(filters));
  const [problems, setProblems] = React.useState<FieldProblems>({});
  const [failure, setFailure] = React.useState<string | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const change = (patch: Partial<Choice>) => {
    setChoice((before) => ({ ...before, ...patch }));
    setProblems({});
  };
  const send = async () => {
    try {
      const { count } = await api.deliveries.resendMany(choice);
      notice.done(text('deliveries.resent', { count }));
      onResent();
      onClose();
    } catch (error) {
      if (isAborted(error)) return;
      const { message, fields } = problemOf(error);
      setProblems(fields);
      setFailure(message ?? text('common.unreachable'));
      setBusy(false);
    }
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const issues = resendManySchema.safeParse(choice).error?.issues ?? [];
    setProblems(fieldProblems(issues));
    if (issues.length > 0 || isBusy) return;
    setBusy(true);
    setFailure(null);
    void send();
  };
  return { choice, change, problems, failure, isBusy, submit };
};

const Count = ({ choice }: { choice: Choice }) => {
  const text = useText();
  const count = useMatching(choice);
  return (
    <Typography aria-live="polite" textColor="neutral600">
      {count === null ? text('common.loading') : text('deliveries.resendMatching', { count })}
    </Typography>
  );
};

const FORM_ID = 'resend-many';

export const ResendMany = (props: Props) => {
  const text = useText();
  const form = useResendMany(props);
  const hasNarrowerList = Boolean(props.filters.event || props.filters.documentId);
  return (
    <Modal.Root open onOpenChange={(open) => !open && !form.isBusy && props.onClose()}>
      <Modal.Content>
        <Modal.Header closeLabel={text('common.close')}>
          <Modal.Title>{text('deliveries.resendMany')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <form id={FORM_ID} onSubmit={form.submit} noValidate>
            <Flex direction="column" alignItems="stretch" gap={4}>
              <FormFailure message={form.failure} />
              {hasNarrowerList && (
                <Message variant="warning">{text('deliveries.resendWider')}</Message>
              )}
              <ResendManyFields
                choice={form.choice}
                problems={form.problems}
                webhooks={props.webhooks}
                onChange={form.change}
              />
              <Count choice={form.choice} />
            </Flex>
          </form>
        </Modal.Body>
        <Modal.Footer>
          <Button variant="tertiary" disabled={form.isBusy} onClick={props.onClose}>
            {text('common.cancel')}
          </Button>
          <Button type="submit" form={FORM_ID} startIcon={<PaperPlane />} loading={form.isBusy}>
            {text('deliveries.resend')}
          </Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};
