/**
 * The bodies of the Visual Experience Engine's webhooks, so that their receivers need no change. Its example payloads are
 * all that there is of a specification; what it has no word for keeps ours. The event's id comes last: receivers are asked
 * there to know duplicates, and are given nothing to know them by.
 */
import { traitsOf, type EventGroup } from '../../../contract/catalogue';
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { factsOf } from '../facts';
import { bannerData } from './banner';
import { contentData, documentData, modelData } from './content';
import { replicationData } from './replication';
import { screenData } from './screen';

type Subject = { operation: string; entityType: string };

/** There, everything but making and removing something is an update of it. */
const CHANGES: Record<string, string> = {
  'draft-discard': 'update',
  publish: 'update',
  unpublish: 'update',
  archive: 'update',
};

const ENTITY_TYPES: Partial<Record<EventGroup, string>> = {
  entry: 'content',
  media: 'content',
  screen: 'screen',
  schedule: 'banner',
};

const subjectOf = ({ name }: Pick<WebhookEvent, 'name'>): Subject => {
  const traits = traitsOf(name);
  if (!traits) return { operation: name, entityType: name };
  const { group, verb } = traits;
  const entityType = ENTITY_TYPES[group];
  return entityType === undefined
    ? { operation: verb, entityType: group }
    : { operation: CHANGES[verb] ?? verb, entityType };
};

const dataOf = (entityType: string, input: FormatInput): Tree => {
  switch (entityType) {
    case 'content':
      return contentData(input);
    case 'screen':
      return screenData(input);
    case 'banner':
      return bannerData(input);
    case 'replication':
      return replicationData(input);
    case 'content-type':
    case 'component':
      return modelData(input);
    default:
      return input.event.documentId === null
        ? { data: input.event.entry }
        : { ...documentData(input), ...factsOf(input.event) };
  }
};

/** The operation stands outside and inside, there second; of a replication outside only. */
const withOperation = ({ operation, entityType }: Subject, data: Tree): Tree => {
  if (entityType === 'replication') return data;
  const [first, ...rest] = Object.entries(data);
  return Object.fromEntries([...(first ? [first] : []), ['operation', operation], ...rest]);
};

export const veeTree = (input: FormatInput): Tree => {
  const { event } = input;
  const subject = subjectOf(event);
  return {
    ...subject,
    timestamp: event.time,
    data: withOperation(subject, dataOf(subject.entityType, input)),
    id: event.id,
    type: event.name,
  };
};
