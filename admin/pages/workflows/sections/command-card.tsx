/** One command: what it is called, from which states it leads where, who may run it, and whether it takes a comment. */
import { Grid, MultiSelectOption, Typography } from '@strapi/design-system';
import { COMMENT_RULES, type RoleChoice } from '../../../../server/contract/workflow';
import { Choice } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { MultiChoice } from '../../../components/multi-choice';
import { PlainInput } from '../../../components/plain-input';
import { TaggedSelect } from '../../../components/tagged-select';
import { useText } from '../../../translations/use-text';
import { StateChoice } from '../../webhooks/state-choice';
import type { CommandRow, Draft, StateRow } from '../draft';
import { withCommand } from '../edits';
import { problemAt } from '../problems';
import { Dot } from '../state-mark';
import { stateOptions } from '../state-options';
import type { Removing } from '../use-removal';
import type { WorkflowForm } from '../use-workflow-form';
import { KeyField } from './key-field';
import { RowCard } from './row-card';

const FIELDS = ['name', 'key', 'from', 'to', 'roles', 'comment'] as const;
type FieldName = (typeof FIELDS)[number];

const fieldsOf = (form: WorkflowForm, command: CommandRow) => (field: FieldName) => {
  const path = `commands.${command.id}.${field}`;
  const set = (patch: Partial<CommandRow>) =>
    form.edit(path, (draft) => withCommand(draft, command.id, patch));
  return {
    path,
    error: problemAt(form.problems, path),
    set,
    touch: () => form.touch(path),
    /** Of a choice, which is complete once it is made. */
    choose: (patch: Partial<CommandRow>) => {
      set(patch);
      form.touch(path);
    },
  };
};

type Field = ReturnType<ReturnType<typeof fieldsOf>>;
type FieldProps = { field: Field; command: CommandRow; isReadOnly: boolean };
type StatesProps = FieldProps & { states: StateRow[] };

const NameField = ({ field, command, isReadOnly }: FieldProps) => {
  const text = useText();
  return (
    <Labelled
      name={field.path}
      label={text('workflows.commandName')}
      error={field.error}
      isRequired
    >
      <PlainInput
        value={command.name}
        disabled={isReadOnly}
        autoFocus={command.savedKey === null && command.name === ''}
        onChange={(name) => field.set({ name })}
        onBlur={field.touch}
      />
    </Labelled>
  );
};

const FromField = ({ field, command, states, isReadOnly }: StatesProps) => {
  const text = useText();
  return (
    <Labelled name={field.path} label={text('workflows.from')} error={field.error} isRequired>
      <TaggedSelect
        value={command.from.filter((id) => states.some((state) => state.id === id))}
        placeholder={text('workflows.chooseStates')}
        clearLabel={text('workflows.clearFrom')}
        disabled={isReadOnly}
        onChange={(from) => field.choose({ from })}
        onClear={() => field.choose({ from: [] })}
      >
        {stateOptions(states, text).map(({ key, name, color }) => (
          <MultiSelectOption key={key} value={key} startIcon={<Dot color={color} />}>
            {name}
          </MultiSelectOption>
        ))}
      </TaggedSelect>
    </Labelled>
  );
};

const ToField = ({ field, command, states, isReadOnly }: StatesProps) => {
  const text = useText();
  const isThere = states.some(({ id }) => id === command.to);
  return (
    <Labelled name={field.path} label={text('workflows.to')} error={field.error} isRequired>
      <StateChoice
        value={isThere ? command.to : null}
        states={stateOptions(states, text)}
        placeholder={text('workflows.chooseState')}
        isDisabled={isReadOnly}
        onChange={(to) => field.choose({ to })}
      />
    </Labelled>
  );
};

const RolesField = (props: FieldProps & { roles: RoleChoice[] }) => {
  const { field, command, roles, isReadOnly } = props;
  const text = useText();
  return (
    <Labelled name={field.path} label={text('workflows.roles')} error={field.error}>
      <MultiChoice
        value={command.roles.map(String)}
        options={roles.map(({ id, name }) => ({ value: String(id), label: name }))}
        placeholder={text('workflows.everyRole')}
        clearLabel={text('workflows.clearRoles')}
        isDisabled={isReadOnly}
        onChange={(chosen) => field.choose({ roles: chosen.map(Number) })}
      />
    </Labelled>
  );
};

const CommentField = ({ field, command, isReadOnly }: FieldProps) => {
  const text = useText();
  return (
    <Labelled name={field.path} label={text('workflows.comment')} error={field.error}>
      <Choice
        value={command.comment}
        options={COMMENT_RULES.map((value) => ({
          value,
          label: text(`workflows.comment.${value}`),
        }))}
        isDisabled={isReadOnly}
        onChange={(comment) => field.choose({ comment })}
      />
    </Labelled>
  );
};

/** "Submit: Draft → In review", as far as it is known. */
const useSummary = ({ states }: Draft, { name, from, to }: CommandRow) => {
  const text = useText();
  const nameOf = (state: StateRow) => state.name || state.key || text('workflows.unnamed');
  const starts = states.filter(({ id }) => from.includes(id)).map(nameOf);
  const target = states.find(({ id }) => id === to);
  const way = starts.length > 0 && target ? `: ${starts.join(', ')} → ${nameOf(target)}` : '';
  return (name || text('workflows.unnamed')) + way;
};

type Props = { form: WorkflowForm; removing: Removing; command: CommandRow; roles: RoleChoice[] };

export const CommandCard = ({ form, removing, command, roles }: Props) => {
  const summary = useSummary(form.draft, command);
  const field = fieldsOf(form, command);
  const { isReadOnly } = form;
  const { states } = form.draft;
  const of = (one: FieldName) => ({ field: field(one), command, isReadOnly });
  const key = field('key');
  return (
    <RowCard
      form={form}
      removing={removing}
      part="commands"
      row={command}
      title={
        <Typography fontWeight="semiBold" textColor="neutral800">
          {summary}
        </Typography>
      }
      fields={FIELDS}
    >
      <Grid.Root gap={4}>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <NameField {...of('name')} />
        </Grid.Item>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <FromField {...of('from')} states={states} />
        </Grid.Item>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <ToField {...of('to')} states={states} />
        </Grid.Item>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <KeyField
            path={key.path}
            row={command}
            error={key.error}
            isReadOnly={isReadOnly}
            onChange={(typed) => key.set({ key: typed })}
            onBlur={key.touch}
          />
        </Grid.Item>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <RolesField {...of('roles')} roles={roles} />
        </Grid.Item>
        <Grid.Item col={4} m={6} xs={12} alignItems="flex-start">
          <CommentField {...of('comment')} />
        </Grid.Item>
      </Grid.Root>
    </RowCard>
  );
};
