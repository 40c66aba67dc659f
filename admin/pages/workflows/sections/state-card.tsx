/** One state: its name, key and colour, whether it is final, and what happens on entering it. */
import { Grid, Toggle } from '@strapi/design-system';
import { ON_ENTER } from '../../../../server/contract/workflow';
import { Choice } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { PlainInput } from '../../../components/plain-input';
import { useText } from '../../../translations/use-text';
import type { StateRow } from '../draft';
import { withState } from '../edits';
import { problemAt } from '../problems';
import { StateMark } from '../state-mark';
import type { Removing } from '../use-removal';
import type { WorkflowForm } from '../use-workflow-form';
import { ColorField } from './color-field';
import { KeyField } from './key-field';
import { RowCard } from './row-card';

const FIELDS = ['name', 'key', 'color', 'final', 'onEnter'] as const;
type FieldName = (typeof FIELDS)[number];

type Props = { form: WorkflowForm; removing: Removing; state: StateRow };

/** What each field of the row needs: its path, its problem, and how it is changed. */
const fieldsOf = (form: WorkflowForm, state: StateRow) => (field: FieldName) => {
  const path = `states.${state.id}.${field}`;
  return {
    path,
    error: problemAt(form.problems, path),
    set: (patch: Partial<StateRow>) =>
      form.edit(path, (draft) => withState(draft, state.id, patch)),
    touch: () => form.touch(path),
  };
};

type Field = ReturnType<ReturnType<typeof fieldsOf>>;
type FieldProps = { field: Field; state: StateRow; isReadOnly: boolean };

const NameField = ({ field, state, isReadOnly }: FieldProps) => {
  const text = useText();
  return (
    <Labelled name={field.path} label={text('workflows.stateName')} error={field.error} isRequired>
      <PlainInput
        value={state.name}
        disabled={isReadOnly}
        autoFocus={state.savedKey === null && state.name === ''}
        onChange={(name) => field.set({ name })}
        onBlur={field.touch}
      />
    </Labelled>
  );
};

const FinalField = ({ field, state, isReadOnly }: FieldProps) => {
  const text = useText();
  return (
    <Labelled name={field.path} label={text('workflows.final')} error={field.error}>
      <Toggle
        checked={state.final}
        onLabel={text('common.yes')}
        offLabel={text('common.no')}
        disabled={isReadOnly}
        onChange={(event) => field.set({ final: event.target.checked })}
      />
    </Labelled>
  );
};

const OnEnterField = ({ field, state, isReadOnly }: FieldProps) => {
  const text = useText();
  const options = ['nothing', ...ON_ENTER] as const;
  return (
    <Labelled name={field.path} label={text('workflows.onEnter')} error={field.error}>
      <Choice
        value={state.onEnter ?? 'nothing'}
        options={options.map((value) => ({ value, label: text(`workflows.onEnter.${value}`) }))}
        isDisabled={isReadOnly}
        onChange={(value) => {
          field.set({ onEnter: value === 'nothing' ? null : value });
          field.touch();
        }}
      />
    </Labelled>
  );
};

export const StateCard = ({ form, removing, state }: Props) => {
  const text = useText();
  const field = fieldsOf(form, state);
  const { isReadOnly } = form;
  const name = state.name || text('workflows.unnamed');
  const of = (one: FieldName) => ({ field: field(one), state, isReadOnly });
  const key = field('key');
  const color = field('color');
  return (
    <RowCard
      form={form}
      removing={removing}
      part="states"
      row={state}
      title={<StateMark state={{ name, color: state.color }} />}
      fields={FIELDS}
    >
      <Grid.Root gap={4}>
        <Grid.Item col={3} m={6} xs={12} alignItems="flex-start">
          <NameField {...of('name')} />
        </Grid.Item>
        <Grid.Item col={3} m={6} xs={12} alignItems="flex-start">
          <KeyField
            path={key.path}
            row={state}
            error={key.error}
            isReadOnly={isReadOnly}
            onChange={(typed) => key.set({ key: typed })}
            onBlur={key.touch}
          />
        </Grid.Item>
        <Grid.Item col={2} m={4} xs={12} alignItems="flex-start">
          <ColorField
            path={color.path}
            name={name}
            value={state.color}
            error={color.error}
            isReadOnly={isReadOnly}
            onChange={(value) => color.set({ color: value })}
            onBlur={color.touch}
          />
        </Grid.Item>
        <Grid.Item col={2} m={4} xs={12} alignItems="flex-start">
          <OnEnterField {...of('onEnter')} />
        </Grid.Item>
        <Grid.Item col={2} m={4} xs={12} alignItems="flex-start">
          <FinalField {...of('final')} />
        </Grid.Item>
      </Grid.Root>
    </RowCard>
  );
};
