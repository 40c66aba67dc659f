/**
 * The bodies of the Visual Experience Engine's webhooks, so that their receivers need no change. Its example payloads are
 * its only specification; a key that they do not have keeps our name. The event's id comes last: the engine asks receivers
 * to detect duplicates, and has no key of its own for that.
 */
import { traitsOf, type EventGroup } from '../../contract/catalogue';
import type { ReplicationFacts, WebhookEvent } from '../../contract/event';
import { PLUGIN_ID } from '../../contract/names';
import type { BodyFormat, FormatInput, Tree } from './formats';
import { factsOf } from './standard';

export const vee: BodyFormat = { tree: veeTree, needsBackground: true, needsWorkflowState: false };

export function veeTree(input: FormatInput): Tree {
  const { event } = input;
  const subject = subjectOf(event);
  return {
    ...subject,
    timestamp: event.time,
    data: withOperation(subject, dataOf(subject.entityType, input)),
    id: event.id,
    type: event.name,
  };
}

type Subject = { operation: string; entityType: string };

/** To the engine, everything but making and removing an entity is an update of it. */
const UPDATES = new Set(['draft-discard', 'publish', 'unpublish', 'archive']);

const ENTITY_TYPES: Partial<Record<EventGroup, string>> = {
  entry: 'content',
  media: 'content',
  screen: 'screen',
  schedule: 'banner',
};

function subjectOf({ name }: Pick<WebhookEvent, 'name'>): Subject {
  const traits = traitsOf(name);
  if (!traits) return { operation: name, entityType: name };
  const { group, verb } = traits;
  const entityType = ENTITY_TYPES[group];
  return entityType === undefined
    ? { operation: verb, entityType: group }
    : { operation: UPDATES.has(verb) ? 'update' : verb, entityType };
}

function dataOf(entityType: string, input: FormatInput): Tree {
  const { event } = input;
  switch (entityType) {
    case 'content':
      return aroundData(event, contentOf(input));
    case 'screen':
      return screenData(input);
    case 'banner':
      return bannerData(input);
    case 'replication':
      return replicationData(event);
    case 'content-type':
    case 'component':
      return modelData(event);
    default:
      return event.documentId === null ? { data: event.entry } : otherData(event);
  }
}

/** The operation stands outside and inside, inside as the second key; for a replication only outside. */
function withOperation({ operation, entityType }: Subject, data: Tree): Tree {
  if (entityType === 'replication') return data;
  const [first, ...rest] = Object.entries(data);
  return Object.fromEntries([...(first ? [first] : []), ['operation', operation], ...rest]);
}

/** A document, or a file of the media library. */
const aroundData = (event: WebhookEvent, data: Tree): Tree => ({
  contentId: event.documentId ?? textIn(event.entry?.id) ?? '',
  data,
  ...userAndTime(event),
  uid: event.uid,
  locale: event.locale,
  changes: event.changes,
});

const userAndTime = (event: WebhookEvent): Tree => ({
  user: userOf(event),
  timestamp: momentOf(event.time),
});

function contentOf(input: FormatInput): Tree {
  const { entry } = input.event;
  const named = {
    title: textIn(entry?.title) ?? nameOf(input),
    status: statusOf(input.event),
    slug: slugOf(input),
  };
  return withOthers(named, entry);
}

/**
 * The status shows the effect of a publication or its end; for another event, a document's own field `status` wins. A type
 * without drafts is always published.
 */
function statusOf({ name, status, entry }: WebhookEvent): string {
  const verb = traitsOf(name)?.verb;
  if (verb === 'publish') return 'published';
  if (verb === 'unpublish') return 'unpublished';
  return textIn(entry?.status) ?? status ?? 'published';
}

/** Its `slug`, else the field that the content type has for it, whatever its name. */
function slugOf({ event, model }: FormatInput): string {
  const field = model?.attributes.find(({ type }) => type === 'uid')?.name;
  return textIn(event.entry?.slug) ?? textIn(field && event.entry?.[field]) ?? '';
}

/** The document of an event that the engine has no example for, such as a transition in a workflow. */
function otherData(event: WebhookEvent): Tree {
  const { entry } = event;
  const status = entry?.status ?? event.status;
  const data = { ...entry, ...(status === null ? {} : { status }) };
  return { ...aroundData(event, data), ...factsOf(event) };
}

/** A content type or a component, which has no document: its uid identifies it. */
const modelData = (event: WebhookEvent): Tree => ({
  uid: event.uid,
  data: event.entry,
  ...userAndTime(event),
  changes: event.changes,
});

/** A document of a content type that is configured as screens. */
function screenData(input: FormatInput): Tree {
  const { event } = input;
  const { entry } = event;
  const named = {
    versionCount: countOf(entry?.versionCount, 1),
    platforms: listOf(entry?.platforms),
    createdAt: momentIn(entry?.createdAt, event),
    updatedAt: momentIn(entry?.updatedAt, event),
    inProduction: isInProduction(event),
    deleted: traitsOf(event.name)?.verb === 'delete',
    name: nameOf(input),
    data: { components: {}, ...(isRow(entry?.data) ? entry.data : {}) },
  };
  return {
    screenName: nameOf(input),
    data: withOthers(named, entry),
    ...userAndTime(event),
    screenId: event.documentId,
    uid: event.uid,
    locale: event.locale,
    changes: event.changes,
  };
}

/** Moments are numbers in a screen, and texts in a document. A project may keep them private: then the event's time stands. */
function momentIn(value: unknown, { time }: WebhookEvent): number {
  const moment = typeof value === 'number' ? value : momentOf(String(value));
  return Number.isNaN(moment) ? momentOf(time) : moment;
}

/** Visitors see a published version. A sample belongs to no document, so its name decides. */
function isInProduction({ name, status, isLive }: WebhookEvent): boolean {
  if (isLive !== undefined) return isLive;
  const verb = traitsOf(name)?.verb;
  if (verb === 'unpublish' || verb === 'delete') return false;
  return verb === 'publish' || status === 'published';
}

/** A schedule, which the engine calls a banner: the document with when and where it shows. */
function bannerData(input: FormatInput): Tree {
  const { event } = input;
  const { entry } = event;
  const named = {
    name: nameOf(input),
    // Whether visitors see it. A sample belongs to no document: it shows what its step would do.
    published: event.isLive ?? event.name === 'schedule.publish',
    locations: listOf(entry?.locations),
    appType: textIn(entry?.appType) ?? 'web',
    devices: flagsOf(entry?.devices),
    screenTypes: flagsOf(entry?.screenTypes),
  };
  return {
    bannerId: event.schedule?.id ?? event.documentId ?? '',
    data: withOthers(named, entry),
    ...userAndTime(event),
    uid: event.uid,
    documentId: event.documentId,
    locale: event.locale,
    schedule: event.schedule ?? null,
  };
}

/** A replication here copies no single banner: `bannerId` is there, because receivers expect a text, and empty. */
function replicationData({ replication: facts, entry, time }: WebhookEvent): Tree {
  if (!facts) return { data: entry };
  const { id, source, destination, status, completedAt, error } = facts;
  const isOver = status !== 'In Progress';
  return {
    replicationId: id,
    source,
    destination,
    // The engine has no third end: a cancelled replication has failed.
    status: status === 'Cancelled' ? 'Failed' : status,
    bannerId: '',
    ...(isOver ? { completedAt: momentOf(completedAt ?? time) } : {}),
    ...(isOver ? replicatedOf(facts) : {}),
    ...(error === null ? {} : { error }),
    name: facts.name,
    trigger: facts.trigger,
    kind: facts.kind,
    ...(isOver ? { counts: facts.counts } : {}),
    ...(facts.idsTruncated ? { idsTruncated: true } : {}),
  };
}

/** The engine's banners are our schedules. */
const BANNER = `plugin::${PLUGIN_ID}.schedule`;

/** A project's own types. Files, users and other data of plugins are copied too, and are no content to the engine. */
const isContent = (uid: string) => uid.startsWith('api::');

/** The replicated documents in flat lists, banners apart from content. */
function replicatedOf({ counts, replicatedCount, replicatedIds }: ReplicationFacts): Tree {
  const { [BANNER]: banners = [], ...rest } = replicatedIds;
  const contentIds = Object.entries(rest).flatMap(([uid, ids]) => (isContent(uid) ? ids : []));
  const contentCounts = Object.entries(counts).filter(([uid]) => isContent(uid));
  return {
    replicatedCount,
    replicatedIds: [...banners, ...Object.values(rest).flat()],
    replicatedBannerIds: banners,
    replicatedBannerCount: counts[BANNER] ?? 0,
    replicatedContentIds: contentIds,
    replicatedContentCount: contentCounts.reduce((total, [, count]) => total + count, 0),
  };
}

/*
 * Below: a document's values in the types that the examples have under their names, and the examples' values where it has
 * none, because a receiver written for them reads each key without checking that it is there. A value that cannot be written in
 * that type counts as none.
 */

type Row = Record<string, unknown>;

/** Undefined for a value that is no text, number or boolean, and for the empty text. */
function textIn(value: unknown): string | undefined {
  if (typeof value === 'object' || isNone(value)) return undefined;
  return String(value) || undefined;
}

function listOf(value: unknown): unknown[] {
  if (isNone(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/** A list of names is written as `{ web: true }`. */
function flagsOf(value: unknown): Row {
  if (isRow(value)) return value;
  const names = listOf(value).map(textIn);
  return Object.fromEntries(names.flatMap((name) => (name === undefined ? [] : [[name, true]])));
}

/** A whole number. */
function countOf(value: unknown, fallback: number): number {
  const text = textIn(value);
  return text !== undefined && Number.isInteger(Number(text)) ? Number(text) : fallback;
}

/** The keys of the example first, then the fields of the document that the example does not name. */
function withOthers(named: Row, entry: Row | null): Row {
  const others = Object.entries(entry ?? {}).filter(([field]) => !(field in named));
  return { ...named, ...Object.fromEntries(others) };
}

/** Milliseconds since 1970. */
const momentOf = (time: string): number => Date.parse(time);

/**
 * A text without spaces. An administrator is their id alone; a prefix tells apart an API token or an end user with the
 * same id.
 */
function userOf({ actor: { type, id } }: WebhookEvent): string {
  if (id === null) return type;
  return type === 'admin' ? String(id) : `${type}-${id}`;
}

/** A document's `name`, else its main field, else its id. */
function nameOf({ event, model }: FormatInput): string {
  const { entry, documentId } = event;
  const main = model?.mainField ? entry?.[model.mainField] : undefined;
  return textIn(entry?.name) ?? textIn(main) ?? documentId ?? '';
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
