/**
 * The errors of the API by their codes, which never change: `details.code` of an error, and `code` of each entry in
 * `details.errors`. An error may carry a code of `sentences.ts` too, if it repeats such a sentence.
 */
import { sentence, wholeSentence, type SentenceCode } from './sentences';

/** The values in a message, by the names of its placeholders. */
export type Params = Record<string, string | number>;

export const INPUT_CODES = [
  /** The input is invalid, and `details.errors` says where. */
  'invalid',
  'required',
  'wrong-type',
  'too-short',
  'too-long',
  'too-small',
  'too-large',
  'unknown-key',
  'invalid-format',
  'invalid-value',
] as const;
type InputCode = (typeof INPUT_CODES)[number];

export const ERROR_MESSAGES = {
  'nul-character':
    'A text holds a NUL character (U+0000), which not every database can store. Remove it.',
  'sort-unknown': 'Expected to sort by one of {fields}, not by "{field}".',
  'sort-of-deliveries-unknown':
    'Expected to sort by createdAt, event, state, attemptCount, nextAttemptAt or deliveredAt.',
  'range-reversed': 'Expected "from" to be before "to".',
  'range-too-long': 'Expected at most 400 days between "from" and "to".',

  'not-found': 'There is no such {what}. It may have been deleted; go back to the list.',
  'metrics-off':
    'Metrics are off. A developer can switch them on: metrics.enabled in config/plugins.',
  // The same for a webhook without keys and for none: nobody learns here which webhooks there are.
  'public-keys-none':
    'There are no public keys here. They are those of webhooks that sign with Ed25519; compare the id with the one in the panel.',

  'may-not-choose':
    'You may see neither workflows, webhooks nor schedules. Ask an administrator for the permission to read one of them.',
  'may-not-test-unsaved':
    'You may not test a webhook that is not saved: that takes the permission to test webhooks, and the one to save it.',
  'may-not-read-sample':
    'You may not read this document, so it cannot be your sample. Leave the document out, or ask for the permission.',
  'may-not-run-replications':
    'You may not run replications. Ask an administrator for the permission "Run", or leave "run" out.',
  'may-not-read-schedules':
    'You may not see all schedules. Ask for those of a document that you may publish, or ask an administrator for the permission "Read" of schedules.',
  'may-not-schedule':
    'You may not schedule. Ask an administrator for the permissions "Create" and "Update" of schedules.',
  'may-not-read':
    'You may not read documents of this content type. Ask an administrator for the permission.',
  'may-not-update': 'You may not edit this document, so you may run no command on it.',
  'may-not-publish': 'You may not publish this document. Ask an administrator for the permission.',
  'may-not-unpublish':
    'You may not unpublish this document. Ask an administrator for the permission.',
  'may-not-discard': 'You may not discard changes of this document.',
  'may-not-bypass':
    'You may not publish past a workflow. Ask an administrator for the permission "Bypass" of workflows.',

  'content-type-unknown': 'There is no content type "{uid}". Choose one of the list.',
  'locale-unknown':
    'There is no locale "{locale}" in this project. Add it under Settings > Internationalization, or choose another.',
  'event-unknown': 'There is no event "{event}". Choose one of the event catalogue.',
  'plugin-type-has-no-documents':
    '"{uid}" is stored by Workflow Webhooks and has no documents. Use the plugin\'s own API or services.',
  'document-unknown': 'There is no document "{documentId}" of this content type.',
  'deliveries-not-stored':
    'Nothing was saved: the webhook deliveries of this change could not be stored, and without them its receivers would never learn of it. Try again; if it goes on, the server log says why.',
  // Node.js limits one string to 512 MB, and an event is stored as one.
  'event-too-large':
    'Nothing was saved: with its versions before and after, this document is larger than 512 MB, and webhooks that want its events cannot store them. Save less of it, or disable the webhooks that want it.',
  'encryption-key-missing':
    'A secret cannot be stored without an encryption key. Ask a developer to set ENCRYPTION_KEY (admin.secrets.encryptionKey in config/admin) and to restart Strapi. Nothing was saved.',
  'encryption-key-missing-for-query':
    'The values in the query of a URL, after "?", may be secret, and are stored encrypted. A secret cannot be stored without an encryption key. Ask a developer to set ENCRYPTION_KEY (admin.secrets.encryptionKey in config/admin) and to restart Strapi. Nothing was saved.',

  'no-workflow':
    'Documents of "{uid}" have no workflow. Add the content type to one under Settings > Workflow Webhooks > Workflows.',
  'workflow-unknown':
    'There is no such workflow. Choose one of the list, or draw it first under Workflows.',
  'workflow-state-unknown': 'The workflow "{workflow}" has no state "{key}".',
  'workflow-command-unknown': 'The workflow "{workflow}" has no command "{key}".',
  'workflow-does-not-govern':
    'The workflow "{workflow}" does not govern "{uid}", so this webhook would never be called for it. Remove the content type, or choose another workflow.',
  'workflow-in-use':
    'The workflow "{name}" is used by {webhooks}. Delete these webhooks first, or set them to another workflow.',
  'workflow-holds-document':
    '{count} document has a state of the workflow "{name}". Without it they are published as before, whatever their state was. If that is meant, add "moveTo={moveTo}".',
  'workflow-holds-documents':
    '{count} documents have a state of the workflow "{name}". Without it they are published as before, whatever their state was. If that is meant, add "moveTo={moveTo}".',

  'workflow-type-hidden':
    '"{name}" is hidden in the Content Manager, so nobody could run a command on its documents. Take it out, or show it there first.',
  'workflow-type-taken':
    '"{name}" has the workflow "{workflow}" already, and a content type has one. Take it out there first.',
  'workflow-type-without-draft':
    '"{name}" has no draft & publish, so the state "{state}" cannot publish or unpublish its documents. Take one of the two out.',
  'workflow-type-repeated': '"{name}" is there twice.',
  'workflow-type-leaves-only-to':
    'Expected "{target}": the documents lose their states and are published as before.',
  'workflow-type-has-document':
    '"{name}" has {count} document with a state of this workflow. Without it they are published as before, whatever their state was. If that is meant, send "moveTo": { "{uid}": "{target}" }.',
  'workflow-type-has-documents':
    '"{name}" has {count} documents with a state of this workflow. Without it they are published as before, whatever their state was. If that is meant, send "moveTo": { "{uid}": "{target}" }.',
  'workflow-replacement-unknown': 'There is no {what} "{key}" that stays. Choose one that does.',
  'workflow-part-in-use':
    'The {what} "{name}" is in use ({use}). Say where that goes: "moveTo": { "{key}": "<{what} that stays>" }.',
  'role-unknown': 'There is no role "{role}". Choose one of Settings > Roles.',

  'webhook-kind-fixed':
    'A webhook keeps its kind, because its deliveries are of that kind. Make another webhook.',
  'webhook-unsigned':
    'This webhook does not sign. Choose a signature first; its secret is shown when you save.',
  'header-secret-missing':
    'There is no stored secret that this mask could stand for. Enter the value.',
  'url-secret-missing':
    'Nothing is stored that the mask of {names} could stand for. Enter the value.',
  'too-many-tests':
    '{limit} tests are running on this server at this moment, and no more run at once. Wait until one of them has ended, then try again.',

  'authorization-unknown':
    'There is no such authorization. Choose one of the list, or make it first.',
  'authorization-in-use':
    '"{name}" is used by {webhooks}. Choose another authorization there first, then delete this one.',
  'authorization-needed-by-webhook': 'The webhook "{name}" would stop working. {why}',
  'authorization-check-needs-url':
    'Enter a URL to try it with: no webhook uses this authorization yet, whose URL could be taken.',
  'secret-missing': 'Nothing is stored here yet, so there is nothing to keep. Enter the secret.',

  'delivery-webhook-deleted':
    'The webhook "{name}" was deleted, so there is nowhere to send this to.',
  'delivery-of-validation':
    'This was a question to a validation, asked when a command ran, and is not sent again. Run the command again, or use "Check" beside the document.',
  'delivery-on-its-way':
    'This delivery is already on its way. Wait for its answer, then resend it if you must.',

  'replication-running': 'It is running already. Wait until it is done, or cancel it.',
  'replication-not-running': 'It does not run just now.',
  'replication-still-running': 'It is running. Cancel it first, then delete it.',
  'replication-to-itself':
    'This is the address of this Strapi itself. Enter that of the other one.',

  'schedule-taken':
    'This document already has an open schedule in this locale. Change or cancel that one.',
  'schedule-running': 'This schedule is being run just now. Look at it again.',
  'schedule-ended': 'This schedule is {state} and can no longer be changed. Make a new one.',
  'schedule-published': 'It is published: expected when to archive.',
  'schedule-without-draft': 'Expected a content type that has draft and publish.',
  'schedule-without-document': 'Expected a document that exists in this locale.',
} as const;

type OwnCode = keyof typeof ERROR_MESSAGES;
export type MessageCode = OwnCode | SentenceCode;
/** Every code that an error of the API may carry, beside `conflict`, `refused-by-validation` and `published-by-query`. */
export type ErrorCode = InputCode | MessageCode;

export function errorMessage(code: MessageCode, params: Params = {}): string {
  if (!isOwn(code)) return sentence(code, params);
  return ERROR_MESSAGES[code].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(params[name] ?? whole),
  );
}

function isOwn(code: MessageCode): code is OwnCode {
  return code in ERROR_MESSAGES;
}

/** The code of a text that is a sentence of `sentences.ts`; `invalid-value` for any other. */
export function codeOfText(message: string): { code: ErrorCode; params: Params } {
  const found = wholeSentence(message);
  return found ? { code: found.code, params: found.params } : { code: 'invalid-value', params: {} };
}
