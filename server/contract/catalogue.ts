/** Every event that a webhook can subscribe to, with the sentence that the event picker shows. */
export const EVENT_GROUPS = [
  'content',
  'screens',
  'media',
  'workflow',
  'schedule',
  'replication',
  'model',
  'webhook',
] as const;
export type EventGroup = (typeof EVENT_GROUPS)[number];

export type CatalogueEntry = { name: string; group: EventGroup; description: string };

export const EVENT_CATALOGUE = [
  {
    name: 'entry.create',
    group: 'content',
    description: 'A document, or a new locale of one, was created.',
  },
  {
    name: 'entry.update',
    group: 'content',
    description: 'A saved edit changed at least one field of a document.',
  },
  {
    name: 'entry.delete',
    group: 'content',
    description: 'A locale of a document was deleted, with its published version.',
  },
  { name: 'entry.publish', group: 'content', description: 'A document was published.' },
  {
    name: 'entry.unpublish',
    group: 'content',
    description: 'The published version of a document was taken down.',
  },
  {
    name: 'entry.draft-discard',
    group: 'content',
    description: 'A draft was thrown away for the published version.',
  },
  {
    name: 'screen.create',
    group: 'screens',
    description: 'A screen, or a new locale of one, was created.',
  },
  {
    name: 'screen.update',
    group: 'screens',
    description: 'A saved edit changed at least one field of a screen.',
  },
  {
    name: 'screen.delete',
    group: 'screens',
    description: 'A locale of a screen was deleted, with its published version.',
  },
  { name: 'screen.publish', group: 'screens', description: 'A screen was published.' },
  {
    name: 'screen.unpublish',
    group: 'screens',
    description: 'The published version of a screen was taken down.',
  },
  {
    name: 'screen.draft-discard',
    group: 'screens',
    description: 'The draft of a screen was thrown away for its published version.',
  },
  { name: 'media.create', group: 'media', description: 'A file was added to the media library.' },
  {
    name: 'media.update',
    group: 'media',
    description: 'A file, or what is known about it, was changed.',
  },
  {
    name: 'media.delete',
    group: 'media',
    description: 'A file was removed from the media library.',
  },
  {
    name: 'workflow.transition',
    group: 'workflow',
    description: 'A document moved to another state of its workflow.',
  },
  {
    name: 'workflow.refused',
    group: 'workflow',
    description:
      'A validation refused a command, or gave no readable answer, and the document kept its state.',
  },
  {
    name: 'schedule.create',
    group: 'schedule',
    description: 'Publishing or archiving a document was scheduled.',
  },
  { name: 'schedule.update', group: 'schedule', description: 'A schedule was changed.' },
  { name: 'schedule.delete', group: 'schedule', description: 'A schedule was cancelled.' },
  {
    name: 'schedule.publish',
    group: 'schedule',
    description: 'A document was published as scheduled.',
  },
  {
    name: 'schedule.archive',
    group: 'schedule',
    description: 'A document was unpublished as scheduled.',
  },
  {
    name: 'schedule.fail',
    group: 'schedule',
    description: 'What was scheduled could not be done: its error says why.',
  },
  {
    name: 'release.create',
    group: 'schedule',
    description: 'A release was made (licensed Releases).',
  },
  {
    name: 'release.update',
    group: 'schedule',
    description: 'A release was changed, its status included (licensed Releases).',
  },
  {
    name: 'release.publish',
    group: 'schedule',
    description: 'A release was published (licensed Releases).',
  },
  {
    name: 'release.delete',
    group: 'schedule',
    description: 'A release was deleted (licensed Releases).',
  },
  {
    name: 'replication.started',
    group: 'replication',
    description: 'A replication, a transfer, an export or an import began.',
  },
  {
    name: 'replication.completed',
    group: 'replication',
    description: 'A replication, a transfer, an export or an import was done.',
  },
  {
    name: 'replication.failed',
    group: 'replication',
    description: 'A replication, a transfer, an export or an import failed, or was cancelled.',
  },
  {
    name: 'content-type.create',
    group: 'model',
    description: 'A content type was added: told when the server starts with it.',
  },
  {
    name: 'content-type.update',
    group: 'model',
    description: 'A content type was changed: told when the server starts with the change.',
  },
  {
    name: 'content-type.delete',
    group: 'model',
    description: 'A content type was removed: told when the server starts without it.',
  },
  {
    name: 'component.create',
    group: 'model',
    description: 'A component was added: told when the server starts with it.',
  },
  {
    name: 'component.update',
    group: 'model',
    description: 'A component was changed: told when the server starts with the change.',
  },
  {
    name: 'component.delete',
    group: 'model',
    description: 'A component was removed: told when the server starts without it.',
  },
  { name: 'locale.create', group: 'model', description: 'A locale was added to the project.' },
  { name: 'locale.update', group: 'model', description: 'A locale was renamed.' },
  {
    name: 'locale.delete',
    group: 'model',
    description: 'A locale was removed from the project, with all content in it.',
  },
  { name: 'webhook.test', group: 'webhook', description: 'An administrator pressed "Send test".' },
  { name: 'webhook.failing', group: 'webhook', description: 'Another webhook keeps failing.' },
  {
    name: 'webhook.disabled',
    group: 'webhook',
    description: 'Another webhook was disabled, because its receiver said so or kept failing.',
  },
] as const satisfies readonly CatalogueEntry[];

export type EventName = (typeof EVENT_CATALOGUE)[number]['name'];

/** What a validation endpoint is asked. No event that one subscribes to: it has not happened yet. */
export const VALIDATION = 'workflow.validation';

export const EVENT_NAMES: readonly EventName[] = EVENT_CATALOGUE.map((entry) => entry.name);

/** The patterns besides plain names: everything, and everything of one prefix. */
export const EVENT_PATTERNS: readonly string[] = [
  '*',
  ...new Set(EVENT_NAMES.map((name) => `${name.slice(0, name.indexOf('.'))}.*`)),
];

export const isEventPattern = (value: string) =>
  EVENT_PATTERNS.includes(value) || (EVENT_NAMES as readonly string[]).includes(value);
