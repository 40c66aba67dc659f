/**
 * Every event that a webhook can subscribe to, by group: its traits, and the sentence that the event picker shows. Other
 * code asks `traitsOf` what an event is about, and takes no name apart.
 */

/**
 * By group, which is the part of a name before the full stop. `section`: the heading in GET /events. `scope`: how a webhook
 * narrows the events: by content type and locale (`document`), by content type, or not at all (`project`).
 */
const GROUPS = {
  entry: {
    section: 'content',
    subject: 'document',
    scope: 'document',
    verbs: {
      create: 'A document, or a new locale of one, was created.',
      update: 'A saved edit changed at least one field of a document.',
      delete: 'A locale of a document was deleted, with its published version.',
      publish: 'A document was published.',
      unpublish: 'The published version of a document was taken down.',
      'draft-discard': 'A draft was thrown away for the published version.',
    },
  },
  screen: {
    section: 'screens',
    subject: 'document',
    scope: 'document',
    verbs: {
      create: 'A screen, or a new locale of one, was created.',
      update: 'A saved edit changed at least one field of a screen.',
      delete: 'A locale of a screen was deleted, with its published version.',
      publish: 'A screen was published.',
      unpublish: 'The published version of a screen was taken down.',
      'draft-discard': 'The draft of a screen was thrown away for its published version.',
    },
  },
  media: {
    section: 'media',
    subject: 'file',
    scope: 'project',
    verbs: {
      create: 'A file was added to the media library.',
      update: 'A file, or what is known about it, was changed.',
      delete: 'A file was removed from the media library.',
    },
  },
  workflow: {
    section: 'workflow',
    subject: 'document',
    scope: 'document',
    verbs: {
      transition: 'A document moved to another state of its workflow.',
      refused:
        'A validation refused a command, or gave no readable answer, and the document kept its state.',
    },
  },
  schedule: {
    section: 'schedule',
    subject: 'schedule',
    scope: 'document',
    verbs: {
      create: 'Publishing or archiving a document was scheduled.',
      update: 'A schedule was changed.',
      delete: 'A schedule was cancelled.',
      publish: 'A document was published as scheduled.',
      archive: 'A document was unpublished as scheduled.',
      fail: 'What was scheduled could not be done: its error says why.',
    },
  },
  release: {
    section: 'schedule',
    subject: 'release',
    scope: 'project',
    verbs: {
      create: 'A release was made (licensed Releases).',
      update: 'A release was changed, its status included (licensed Releases).',
      publish: 'A release was published (licensed Releases).',
      delete: 'A release was deleted (licensed Releases).',
    },
  },
  replication: {
    section: 'replication',
    subject: 'replication',
    scope: 'project',
    verbs: {
      started: 'A replication, a transfer, an export or an import began.',
      completed: 'A replication, a transfer, an export or an import was done.',
      failed: 'A replication, a transfer, an export or an import failed, or was cancelled.',
    },
  },
  'content-type': {
    section: 'model',
    subject: 'content-type',
    scope: 'content-type',
    verbs: {
      create: 'A content type was added: recorded when the server starts with it.',
      update: 'A content type was changed: recorded when the server starts with the change.',
      delete: 'A content type was removed: recorded when the server starts without it.',
    },
  },
  component: {
    section: 'model',
    subject: 'component',
    scope: 'project',
    verbs: {
      create: 'A component was added: recorded when the server starts with it.',
      update: 'A component was changed: recorded when the server starts with the change.',
      delete: 'A component was removed: recorded when the server starts without it.',
    },
  },
  locale: {
    section: 'model',
    subject: 'locale',
    scope: 'project',
    verbs: {
      create: 'A locale was added to the project.',
      update: 'A locale was renamed.',
      delete: 'A locale was removed from the project, with all content in it.',
    },
  },
  webhook: {
    section: 'webhook',
    subject: 'webhook',
    scope: 'project',
    verbs: {
      test: 'An administrator pressed "Send test".',
      failing: 'Another webhook keeps failing.',
      disabled: 'Another webhook was disabled, because its receiver said so or kept failing.',
    },
  },
} as const;

type Groups = typeof GROUPS;

/** The part of an event's name before the full stop, such as `entry`. */
export type EventGroup = keyof Groups;
type VerbOf<Group extends EventGroup> = keyof Groups[Group]['verbs'] & string;

export type EventName = { [Group in EventGroup]: `${Group}.${VerbOf<Group>}` }[EventGroup];

/** The call of a validation endpoint. Nobody subscribes to it: the command has not run yet. */
export const VALIDATION = 'workflow.validation';

export type EventTraits = Pick<Groups[EventGroup], 'section' | 'subject' | 'scope'> & {
  group: EventGroup;
  verb: { [Group in EventGroup]: VerbOf<Group> }[EventGroup] | 'validation';
};

export type CatalogueEntry = { name: string; description: string };

export const EVENT_CATALOGUE = Object.entries(GROUPS).flatMap(([group, { verbs, ...traits }]) =>
  Object.entries(verbs).map(([verb, description]: [string, string]) => ({
    ...traits,
    name: `${group}.${verb}` as EventName,
    group: group as EventGroup,
    verb: verb as EventTraits['verb'],
    description,
  })),
);

export const EVENT_NAMES: readonly EventName[] = EVENT_CATALOGUE.map(({ name }) => name);

const TRAITS = new Map<string, EventTraits>(EVENT_CATALOGUE.map((event) => [event.name, event]));
TRAITS.set(VALIDATION, { ...traitsOf('workflow.transition'), verb: 'validation' });

/** Undefined for a name that this version has no event of. */
export function traitsOf(name: EventName | typeof VALIDATION): EventTraits;
export function traitsOf(name: string): EventTraits | undefined;
export function traitsOf(name: string): EventTraits | undefined {
  return TRAITS.get(name);
}

/** Whether an event is about a document, and is therefore narrowed by content type and locale. */
export function isAboutDocument(name: string): boolean {
  return traitsOf(name)?.scope === 'document';
}

/** The patterns besides plain names: everything, and everything of one group. */
export const EVENT_PATTERNS = ['*', ...Object.keys(GROUPS).map((group) => `${group}.*`)];

export const isEventPattern = (value: string): boolean =>
  EVENT_PATTERNS.includes(value) || (traitsOf(value) !== undefined && value !== VALIDATION);
