/** Which deliveries are to be sent again. */
import { Box, DateTimePicker, Grid } from '@strapi/design-system';
import type { DeliveryState, Many } from '../../../server/contract/delivery';
import type { FieldProblems } from '../../services/problem';
import { Choice } from '../../components/choice';
import { enterStays } from '../../components/enter-stays';
import { Labelled } from '../../components/labelled';
import { MultiChoice } from '../../components/multi-choice';
import { useText } from '../../translations/use-text';
import { momentIn } from '../../components/day';
import { RESENDABLE_STATES } from './delivery-states';

export type WebhookOption = { id: string; name: string };

type Props = {
  choice: Many;
  problems: FieldProblems;
  webhooks: WebhookOption[];
  onChange: (patch: Partial<Many>) => void;
};

const WebhookField = ({ choice, problems, webhooks, onChange }: Props) => {
  const text = useText();
  return (
    <Labelled name="webhook" label={text('deliveries.webhook')} error={problems.webhook}>
      <Choice
        value={choice.webhook ?? null}
        options={webhooks.map(({ id, name }) => ({ value: id, label: name }))}
        placeholder={text('deliveries.everyWebhook')}
        onChange={(webhook) => onChange({ webhook })}
        onClear={() => onChange({ webhook: undefined })}
        clearLabel={text('list.clearFilter', { name: text('deliveries.webhook') })}
      />
    </Labelled>
  );
};

const StatesField = ({ choice, problems, onChange }: Props) => {
  const text = useText();
  return (
    <Labelled
      name="states"
      label={text('deliveries.state')}
      error={problems.states}
      hint={text('deliveries.resendHint')}
      isRequired
    >
      <MultiChoice
        value={choice.states}
        options={RESENDABLE_STATES.map((value) => ({ value, label: text(`state.${value}`) }))}
        placeholder={text('deliveries.state')}
        onChange={(states) => onChange({ states: states as DeliveryState[] })}
        clearLabel={text('list.clearFilter', { name: text('deliveries.state') })}
      />
    </Labelled>
  );
};

const MomentField = ({ choice, problems, onChange, name }: Props & { name: 'from' | 'to' }) => {
  const text = useText();
  const label = text(`deliveries.${name}`);
  return (
    <Labelled name={name} label={label} error={problems[name]}>
      <Box onKeyDown={enterStays}>
        <DateTimePicker
          dateLabel={text('deliveries.dateOf', { name: label })}
          timeLabel={text('deliveries.timeOf', { name: label })}
          clearLabel={text('list.clearFilter', { name: label })}
          value={momentIn(choice[name])}
          onChange={(date) => onChange({ [name]: date?.toISOString() })}
          onClear={() => onChange({ [name]: undefined })}
        />
      </Box>
    </Labelled>
  );
};

export const ResendManyFields = (props: Props) => (
  <Grid.Root gap={4}>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <WebhookField {...props} />
    </Grid.Item>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <StatesField {...props} />
    </Grid.Item>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <MomentField {...props} name="from" />
    </Grid.Item>
    <Grid.Item col={6} m={6} s={12} direction="column" alignItems="stretch">
      <MomentField {...props} name="to" />
    </Grid.Item>
  </Grid.Root>
);
