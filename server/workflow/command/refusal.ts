/** The errors that editors get if a move does not happen. Pure but for Strapi's own error classes. */
import { sentence, type SentenceCode } from '../../contract/sentences';
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
    code: 'refused-by-validation',
    params: {},
    ...({ verdicts, warnings, errors: fields } satisfies RefusalDetails),
  });

type Params = Record<string, string>;
type Field = { code: SentenceCode; params: Params; path: string; message: string };

/** One field of the request is wrong: the whole message, and a short one for the field. */
function invalidField(whole: string, { code, params, path, message }: Field) {
  const field = { path: [path], message, name: 'ValidationError', code, params };
  return new errors.ValidationError(whole, { code, params, errors: [field] });
}

const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(', ');

const wayOut = (flow: Flow, state: string) => {
  const names = commandsFrom(flow, state).map(({ name }) => name);
  return names.length === 0
    ? sentence('command-leads-nowhere')
    : sentence('commands-from-there', { names: quoted(names) });
};

export const unknownCommand = (flow: Flow, state: string, command: string) =>
  invalidField(
    `${sentence('command-unknown', { workflow: flow.name, command })} ${wayOut(flow, state)}`,
    {
      code: 'command-unknown',
      params: { workflow: flow.name, command },
      path: 'command',
      message: `There is no command "${command}".`,
    },
  );

export const wrongState = (flow: Flow, state: string, command: WorkflowCommand) => {
  const params = { command: command.name, state: stateOf(flow, state)?.name ?? state };
  return new errors.ApplicationError(
    `${sentence('command-other-state', params)} ${wayOut(flow, state)}`,
    { code: 'command-other-state', params },
  );
};

export const wrongRole = ({ name: command }: WorkflowCommand) =>
  new errors.PolicyError(sentence('command-not-your-role', { command }), {
    code: 'command-not-your-role',
    params: { command },
  });

export const missingComment = ({ name: command }: WorkflowCommand) =>
  invalidField(sentence('comment-missing', { command }), {
    code: 'comment-missing',
    params: { command },
    path: 'comment',
    message: 'This command needs a comment.',
  });

export const unwantedComment = ({ name: command }: WorkflowCommand) =>
  invalidField(sentence('comment-unwanted', { command }), {
    code: 'comment-unwanted',
    params: { command },
    path: 'comment',
    message: 'This command takes no comment.',
  });

export const busy = ({ by, command }: { by: string | null; command: string }) =>
  momentary('document-busy', { by: by ?? 'Someone', command });

export const changedMeanwhile = () => momentary('document-changed-meanwhile');

export const movedMeanwhile = (state: string) => momentary('document-moved-meanwhile', { state });

export const noWorkflow = (uid: string) =>
  new errors.ApplicationError(
    `Documents of "${uid}" have no workflow. Add the content type to one under Settings > Workflow Webhooks > Workflows.`,
    { code: 'no-workflow', params: { uid } },
  );

export const alreadyFinal = (state: string) =>
  new errors.ApplicationError(sentence('document-already-final', { state }), {
    code: 'document-already-final',
    params: { state },
  });

type Unpublishable = {
  title: string;
  locale: string | null;
  workflow: string;
  state: string;
  way: string | null;
};

const nextStep = (way: string | null) =>
  way === null ? sentence('way-none') : sentence('way-on', { way });

export function notPublishable({ way, locale, ...facts }: Unpublishable) {
  const code = locale === null ? 'document-not-final' : 'document-locale-not-final';
  const params = locale === null ? facts : { ...facts, locale };
  return notFinal(code, { params, way });
}

export const notCreatedPublished = ({
  workflow,
  state,
  way,
}: Pick<Unpublishable, 'workflow' | 'state' | 'way'>) =>
  notFinal('document-new-not-final', { params: { state, workflow }, way });

function notFinal(code: SentenceCode, { params, way }: { params: Params; way: string | null }) {
  const message = `${sentence(code, params)} ${nextStep(way)}`;
  return new errors.ApplicationError(message, { code, params });
}

const momentary = (code: SentenceCode, params: Params = {}) =>
  new Momentary(sentence(code, params), { code, params });
