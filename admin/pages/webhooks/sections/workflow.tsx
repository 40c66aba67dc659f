/** What a submit or validation webhook hangs on: a workflow, and a state or a command of it. */
import * as React from 'react';
import { PUBLICATION, type WorkflowChoice } from '../../../../server/contract/workflow';
import { Choice, type Option } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { RadioChoice } from '../../../components/radio-choice';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import { StateChoice } from '../state-choice';
import type { WebhookForm } from '../use-webhook-form';
import { inWorkflow, moveOf, namedPlace, workflowOf } from '../workflow-place';

type Props = { form: WebhookForm; workflows: WorkflowChoice[] };
type FieldProps = { form: WebhookForm; workflow: WorkflowChoice | undefined };

/** What is chosen but gone stays visible by its key, or nobody could tell what it was. */
const withGone = (options: Option<string>[], key: string | null) =>
  key === null || options.some(({ value }) => value === key)
    ? options
    : [...options, { value: key, label: key }];

const commandOptions = (workflow: WorkflowChoice, anyState: string): Option<string>[] =>
  workflow.commands.map((command) => ({
    value: command.key,
    label: `${command.name} (${moveOf(command, { workflow, anyState })})`,
  }));

const WorkflowField = ({ form, workflows }: Props) => {
  const text = useText();
  const id = form.draft.workflow;
  const { workflow: part } = namedPlace(form.draft, workflows);
  const options = workflows.map((one) => ({
    value: one.id,
    label: one.id === PUBLICATION ? text('place.publication', { name: one.name }) : one.name,
  }));
  const choose = (next: string) => {
    const workflow = workflowOf(workflows, next);
    if (workflow && next !== id) form.set(inWorkflow(workflow, form.draft));
  };
  const hasNoType = workflowOf(workflows, id)?.contentTypes.length === 0;
  return (
    <Labelled
      name="workflow"
      label={text('place.workflow')}
      hint={hasNoType ? text('place.noContentType') : undefined}
      error={form.problems.workflow ?? (part?.isGone ? text('place.workflowGone') : undefined)}
      isRequired
    >
      <Choice
        value={id}
        options={withGone(options, id)}
        placeholder={text('place.chooseWorkflow')}
        isDisabled={form.isReadOnly}
        onChange={choose}
      />
    </Labelled>
  );
};

/** Both are set at once, so that a message about either goes. */
const onCommand = (command: string | null) => ({ command, state: null });
const onState = (state: string | null) => ({ state, command: null });

const CommandField = ({ form, workflow }: FieldProps) => {
  const text = useText();
  const { command } = form.draft;
  const part = workflow ? namedPlace(form.draft, [workflow]).command : null;
  const options = workflow ? commandOptions(workflow, text('place.anyState')) : [];
  const problem = form.problems.command ?? form.problems.state;
  return (
    <Labelled
      name="command"
      label={text('place.command')}
      error={problem ?? (part?.isGone ? text('place.commandGone', { key: part.name }) : undefined)}
      isRequired
    >
      <Choice
        value={command}
        options={withGone(options, command)}
        placeholder={text('place.chooseCommand')}
        isDisabled={form.isReadOnly || !workflow}
        onChange={(next) => form.set(onCommand(next))}
      />
    </Labelled>
  );
};

const StateField = ({ form, workflow }: FieldProps) => {
  const text = useText();
  const part = workflow ? namedPlace(form.draft, [workflow]).state : null;
  const problem = form.problems.state ?? form.problems.command;
  return (
    <Labelled
      name="state"
      label={text('place.state')}
      error={problem ?? (part?.isGone ? text('place.stateGone', { key: part.name }) : undefined)}
      isRequired
    >
      <StateChoice
        value={form.draft.state}
        states={workflow?.states ?? []}
        placeholder={text('place.chooseState')}
        isDisabled={form.isReadOnly || !workflow}
        onChange={(next) => form.set(onState(next))}
      />
    </Labelled>
  );
};

const MOMENTS = ['state', 'command'] as const;
type Moment = (typeof MOMENTS)[number];

/** Which of the two is known from the draft, but while neither is chosen. */
const useMoment = (form: WebhookForm): [Moment, (moment: Moment) => void] => {
  const { state, command } = form.draft;
  const [asked, setAsked] = React.useState<Moment>('state');
  const moment = command !== null ? 'command' : state !== null ? 'state' : asked;
  const choose = (next: Moment) => {
    setAsked(next);
    form.set(onState(null));
  };
  return [moment, choose];
};

const SubmitFields = ({ form, workflow }: FieldProps) => {
  const text = useText();
  const [moment, choose] = useMoment(form);
  return (
    <>
      <RadioChoice
        label={text('place.moment')}
        value={moment}
        options={MOMENTS.map((value) => ({ value, label: text(`place.moment.${value}`) }))}
        isDisabled={form.isReadOnly}
        onChange={choose}
      />
      {moment === 'state' ? (
        <StateField form={form} workflow={workflow} />
      ) : (
        <CommandField form={form} workflow={workflow} />
      )}
    </>
  );
};

export const WorkflowSection = ({ form, workflows }: Props) => {
  const text = useText();
  const kind = form.draft.kind === 'validation' ? 'validation' : 'submit';
  const workflow = workflowOf(workflows, form.draft.workflow);
  return (
    <SectionBox title={text('place.title')} description={text(`place.description.${kind}`)}>
      <WorkflowField form={form} workflows={workflows} />
      {kind === 'validation' ? (
        <CommandField form={form} workflow={workflow} />
      ) : (
        <SubmitFields form={form} workflow={workflow} />
      )}
    </SectionBox>
  );
};
