/** What an editor is told when a move does not happen. Pure but for Strapi's own error classes. */
import type { RefusalDetails } from '../../contract/document';
import type { WorkflowCommand } from '../../contract/workflow';
import { Momentary } from '../../errors';
import { errors } from '../../strapi-errors';
import type { Decision } from '../verdict/deciding.service';
import { commandsFrom, stateOf, type Flow } from '../sources/flow';

/** Validations said no, or gave no answer or an unreadable one where that refuses. */
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
  return names.length === 0 ? 'No command leads on from there.' : `From there: ${quoted(names)}.`;
};

export const unknownCommand = (flow: Flow, state: string, command: string) =>
  new errors.ValidationError(
    `The workflow "${flow.name}" has no command "${command}". ${wayOut(flow, state)}`,
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
    `"${command.name}" does not start from "${name}", where this document is now. ${wayOut(flow, state)}`,
  );
};

export const wrongRole = (command: WorkflowCommand) =>
  new errors.PolicyError(
    `Your role may not run "${command.name}". Ask someone whose role may, or an administrator to change the workflow.`,
  );

export const missingComment = (command: WorkflowCommand) =>
  new errors.ValidationError(`"${command.name}" needs a comment. Say why, and run it again.`, {
    errors: [
      { path: ['comment'], message: 'This command needs a comment.', name: 'ValidationError' },
    ],
  });

export const unwantedComment = (command: WorkflowCommand) =>
  new errors.ValidationError(`"${command.name}" takes no comment. Leave it out.`, {
    errors: [
      { path: ['comment'], message: 'This command takes no comment.', name: 'ValidationError' },
    ],
  });

export const busy = ({ by, command }: { by: string | null; command: string }) =>
  new Momentary(
    `${by ?? 'Someone'} is running "${command}" on this document at this moment. Nothing was changed; look again when it is done.`,
  );

export const changedMeanwhile = () =>
  new Momentary(
    'The document was changed while it was being checked, so what was checked is no longer what would be moved. Nothing was moved; look at the change, and run the command again.',
  );

export const movedMeanwhile = (state: string) =>
  new Momentary(
    `Someone else has moved this document to "${state}" in the meantime. Nothing more was changed; look at it again.`,
  );

export const noWorkflow = (uid: string) =>
  new errors.ApplicationError(
    `Documents of "${uid}" have no workflow. Add the content type to one under Settings > Workflow Webhooks > Workflows.`,
  );

export const alreadyFinal = (state: string) =>
  new errors.ApplicationError(
    `This document is in the final state "${state}" already. Publish it as usual; there is nothing to bypass.`,
  );

type Unpublishable = {
  title: string;
  locale: string | null;
  workflow: string;
  state: string;
  way: string | null;
};

const leadsOn = (way: string | null) =>
  way === null
    ? 'No command leads from there to a final state; ask an administrator to mend the workflow.'
    : `Run "${way}" to lead it on.`;

export const notPublishable = ({ title, locale, workflow, state, way }: Unpublishable) =>
  new errors.ApplicationError(
    `"${title}"${locale === null ? '' : ` (${locale})`} cannot be published: it is in the state "${state}" of the workflow "${workflow}", which is not final. ${leadsOn(way)}`,
  );

export const notCreatedPublished = ({
  workflow,
  state,
  way,
}: Pick<Unpublishable, 'workflow' | 'state' | 'way'>) =>
  new errors.ApplicationError(
    `A new document starts in the state "${state}" of the workflow "${workflow}" and cannot be published from there. Create it as a draft (status=draft). ${leadsOn(way)}`,
  );
