/** The errors that editors get if a move does not happen. Pure but for Strapi's own error classes. */
import { sentence } from '../../contract/sentences';
import type { RefusalDetails } from '../../contract/document';
import type { WorkflowCommand } from '../../contract/workflow';
import { Momentary, errors } from '../../strapi/errors';
import type { Decision } from '../validation/calls.service';
import { commandsFrom, stateOf, type Flow } from '../definition/flow';

/** A validation refused, or gave no answer or an unreadable one and is set to refuse then. */
export const refused = ({
  message,
  verdicts,
  warnings,
  errors: fields,
}: Pick<Decision, 'message' | 'verdicts' | 'warnings' | 'errors'>) =>
  new errors.ValidationError(message, {
    verdicts,
    warnings,
    errors: fields,
  } satisfies RefusalDetails);

const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(', ');

const wayOut = (flow: Flow, state: string) => {
  const names = commandsFrom(flow, state).map(({ name }) => name);
  return names.length === 0
    ? sentence('command-leads-nowhere')
    : sentence('commands-from-there', { names: quoted(names) });
};

export const unknownCommand = (flow: Flow, state: string, command: string) =>
  new errors.ValidationError(
    `${sentence('command-unknown', { workflow: flow.name, command })} ${wayOut(flow, state)}`,
    {
      errors: [
        {
          path: ['command'],
          message: `There is no command "${command}".`,
          name: 'ValidationError',
        },
      ],
    },
  );

export const wrongState = (flow: Flow, state: string, command: WorkflowCommand) => {
  const name = stateOf(flow, state)?.name ?? state;
  return new errors.ApplicationError(
    `${sentence('command-other-state', { command: command.name, state: name })} ${wayOut(flow, state)}`,
  );
};

export const wrongRole = (command: WorkflowCommand) =>
  new errors.PolicyError(sentence('command-not-your-role', { command: command.name }));

export const missingComment = (command: WorkflowCommand) =>
  new errors.ValidationError(sentence('comment-missing', { command: command.name }), {
    errors: [
      { path: ['comment'], message: 'This command needs a comment.', name: 'ValidationError' },
    ],
  });

export const unwantedComment = (command: WorkflowCommand) =>
  new errors.ValidationError(sentence('comment-unwanted', { command: command.name }), {
    errors: [
      { path: ['comment'], message: 'This command takes no comment.', name: 'ValidationError' },
    ],
  });

export const busy = ({ by, command }: { by: string | null; command: string }) =>
  new Momentary(sentence('document-busy', { by: by ?? 'Someone', command }));

export const changedMeanwhile = () => new Momentary(sentence('document-changed-meanwhile'));

export const movedMeanwhile = (state: string) =>
  new Momentary(sentence('document-moved-meanwhile', { state }));

export const noWorkflow = (uid: string) =>
  new errors.ApplicationError(
    `Documents of "${uid}" have no workflow. Add the content type to one under Settings > Workflow Webhooks > Workflows.`,
  );

export const alreadyFinal = (state: string) =>
  new errors.ApplicationError(sentence('document-already-final', { state }));

type Unpublishable = {
  title: string;
  locale: string | null;
  workflow: string;
  state: string;
  way: string | null;
};

const nextStep = (way: string | null) =>
  way === null ? sentence('way-none') : sentence('way-on', { way });

export const notPublishable = ({ title, locale, workflow, state, way }: Unpublishable) =>
  new errors.ApplicationError(
    `${
      locale === null
        ? sentence('document-not-final', { title, state, workflow })
        : sentence('document-locale-not-final', { title, locale, state, workflow })
    } ${nextStep(way)}`,
  );

export const notCreatedPublished = ({
  workflow,
  state,
  way,
}: Pick<Unpublishable, 'workflow' | 'state' | 'way'>) =>
  new errors.ApplicationError(
    `${sentence('document-new-not-final', { state, workflow })} ${nextStep(way)}`,
  );
