/** The errors that editors get if a move does not happen. Pure but for Strapi's own error classes. */
import type { Params } from '../../contract/error-messages';
import { sentence, type SentenceCode } from '../../contract/sentences';
import type { RefusalDetails } from '../../contract/document';
import type { WorkflowCommand } from '../../contract/workflow';
import { wayOn } from '../../contract/workflow-graph';
import { errors, forbidden, momentary, refused } from '../../strapi/errors';
import type { Decision } from '../validation/calls.service';
import { commandsFrom, initialOf, stateOf, type Flow } from '../definition/flow';

/** A validation refused, or gave no answer or an unreadable one and is set to refuse then. */
export function refusedByValidation({
  message,
  verdicts,
  warnings,
  errors: fields,
}: Pick<Decision, 'message' | 'verdicts' | 'warnings' | 'errors'>) {
  const details: RefusalDetails = { verdicts, warnings, errors: fields };
  return new errors.ValidationError(message, {
    code: 'refused-by-validation',
    params: {},
    ...details,
  });
}

export function noWorkflow(uid: string) {
  return refused('no-workflow', { uid });
}

export function unknownCommand(flow: Flow, state: string, command: string) {
  const params = { workflow: flow.name, command };
  return invalidField('command', {
    ...{ code: 'command-unknown', params, way: wayOut(flow, state) },
    message: `There is no command "${command}".`,
  });
}

export function wrongState(flow: Flow, state: string, command: WorkflowCommand) {
  const params = { command: command.name, state: stateOf(flow, state)?.name ?? state };
  return refusedWithWay('command-other-state', params, wayOut(flow, state));
}

export function wrongRole({ name: command }: WorkflowCommand) {
  return forbidden('command-not-your-role', { command });
}

export function missingComment({ name: command }: WorkflowCommand) {
  const message = 'This command needs a comment.';
  return invalidField('comment', { code: 'comment-missing', params: { command }, message });
}

export function unwantedComment({ name: command }: WorkflowCommand) {
  const message = 'This command takes no comment.';
  return invalidField('comment', { code: 'comment-unwanted', params: { command }, message });
}

export function busy(holder: { by: string | null; command: string } | null) {
  return momentary('document-busy', {
    by: holder?.by ?? 'Someone',
    command: holder?.command ?? '',
  });
}

export function changedMeanwhile() {
  return momentary('document-changed-meanwhile');
}

export function movedMeanwhile(state: string) {
  return momentary('document-moved-meanwhile', { state });
}

export function alreadyFinal(state: string) {
  return refused('document-already-final', { state });
}

type Unpublishable = { title: string; locale: string | null; state: { key: string; name: string } };

export function notPublishable(flow: Flow, { title, locale, state }: Unpublishable) {
  const params = { title, workflow: flow.name, state: state.name };
  const way = wayToFinal(flow, state.key);
  return locale === null
    ? refusedWithWay('document-not-final', params, way)
    : refusedWithWay('document-locale-not-final', { ...params, locale }, way);
}

export function notCreatedPublished(flow: Flow) {
  const { key, name: state } = initialOf(flow);
  const params = { state, workflow: flow.name };
  return refusedWithWay('document-new-not-final', params, wayToFinal(flow, key));
}

function wayToFinal(flow: Flow, state: string): string {
  const way = wayOn(flow, state)?.name;
  return way === undefined ? sentence('way-none') : sentence('way-on', { way });
}

function wayOut(flow: Flow, state: string): string {
  const names = commandsFrom(flow, state).map(({ name }) => `"${name}"`);
  return names.length === 0
    ? sentence('command-leads-nowhere')
    : sentence('commands-from-there', { names: names.join(', ') });
}

/** The sentence, and how to go on. */
function refusedWithWay(code: SentenceCode, params: Params, way: string) {
  return new errors.ApplicationError(`${sentence(code, params)} ${way}`, { code, params });
}

type Field = { code: SentenceCode; params: Params; message: string; way?: string };

/** One field of the request is wrong: the whole message, and a short one for the field. */
function invalidField(path: string, { code, params, message, way }: Field) {
  const whole = sentence(code, params);
  const field = { path: [path], message, name: 'ValidationError', code, params };
  const details = { code, params, errors: [field] };
  return new errors.ValidationError(way ? `${whole} ${way}` : whole, details);
}
