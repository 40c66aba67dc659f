/** What forms and filters offer for choice: events and content types; and the changes of everything that is managed. */
import type { AuditEntry, Page } from '../../server/contract/api';
import type { CatalogueEntry } from '../../server/contract/catalogue';
import type { ContentTypeChoices } from '../../server/contract/content-type';
import { dataOf, get, reading, wholeOf } from './api';
import { path, queryString, type Query } from './query';

export const events = reading<CatalogueEntry[]>('events', {
  request: () => get(path('events')),
  result: dataOf,
  tags: ['catalogue'],
});

export const contentTypes = reading<ContentTypeChoices>('contentTypes', {
  request: () => get(path('content-types')),
  result: dataOf,
  tags: ['catalogue', 'workflow'],
});

/** Newest first. */
export const changes = reading<Page<AuditEntry>, Query, Page<AuditEntry>>('changes', {
  request: (query) => get(path('audit') + queryString(query)),
  result: wholeOf,
  tags: ['change'],
});
