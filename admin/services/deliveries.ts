/** The log of deliveries: reading, resending, cancelling, exporting; figures and health of all deliveries. */
import type { Page } from '../../server/contract/api';
import type {
  Delivery,
  ExportFormat,
  Health,
  ListedDelivery,
  Many,
  ManyDone,
  ShownDelivery,
  Statistics,
} from '../../server/contract/delivery';
import { changing, dataOf, get, post, reading, wholeOf } from './api';
import { path, queryString, type Query } from './query';

const NAME = 'deliveries';

/** With the time that was asked for: while another one is loaded, these figures keep their own axis. */
export type RecentStatistics = Statistics & { lastMs?: number };

const momentBefore = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(Date.now() - ms).toISOString();

const many = (verb: 'resend' | 'cancel') =>
  changing<ManyDone, Many>(`deliveries.${verb}Many`, {
    request: (input) => post(path(NAME, verb), input),
    result: dataOf,
    stale: ['delivery'],
  });

export const deliveries = {
  list: reading<Page<ListedDelivery>, Query, Page<ListedDelivery>>('deliveries.list', {
    request: (query) => get(path(NAME) + queryString(query)),
    result: wholeOf,
    tags: ['delivery'],
  }),
  one: reading<ShownDelivery, string>('deliveries.one', {
    request: (id) => get(path(NAME, id)),
    result: dataOf,
    tags: ['delivery'],
  }),
  resend: changing<Delivery, string>('deliveries.resend', {
    request: (id) => post(path(NAME, id, 'resend')),
    result: dataOf,
    stale: ['delivery'],
  }),
  resendMany: many('resend'),
  cancelMany: many('cancel'),
  /** A file, as an address that the browser can open: the caller revokes it. */
  exported: changing<string, { format: ExportFormat; query: Query }, Blob>('deliveries.export', {
    request: ({ format, query }) => ({
      url: path(NAME, 'export') + queryString({ ...query, format }),
      config: { responseType: 'blob' },
    }),
    result: (file) => URL.createObjectURL(file),
    stale: [],
  }),
  /** What a resend would find now. */
  matching: reading<ManyDone, Many>('deliveries.matching', {
    request: (input) => post(path(NAME, 'resend'), { ...input, dryRun: true }),
    result: dataOf,
    tags: [],
  }),
  /** Covers the last `lastMs` milliseconds, or the last day without it. */
  statistics: reading<RecentStatistics, { lastMs?: number }, { data: Statistics }>('statistics', {
    request: ({ lastMs }) => get(path('statistics') + queryString({ from: momentBefore(lastMs) })),
    result: ({ data }, { lastMs }) => ({ ...data, lastMs }),
    tags: ['delivery', 'webhook'],
  }),
  health: reading<Health>('health', {
    request: () => get(path('health')),
    result: dataOf,
    tags: ['delivery', 'webhook'],
  }),
};
