/** Every endpoint of the plugin, as functions that answer the shapes of the contract. */
import * as React from 'react';
import type { FetchClient } from '@strapi/strapi/admin';
import type { AuditEntry, WithVersion, Page } from '../../server/contract/api';
import type {
  Authorization,
  AuthorizationCheck,
  AuthorizationCheckInput,
  AuthorizationChoice,
  AuthorizationInput,
} from '../../server/contract/authorization';
import type { CatalogueEntry } from '../../server/contract/catalogue';
import type { ContentTypeChoices } from '../../server/contract/content-type';
import type {
  Delivery,
  Health,
  ListedDelivery,
  ExportFormat,
  Many,
  ManyDone,
  ShownDelivery,
  TestResult,
  Statistics,
  StatisticsQuery,
} from '../../server/contract/delivery';
import { PLUGIN_ID } from '../../server/contract/names';
import type {
  Replication,
  ReplicationInput,
  ReplicationRun,
} from '../../server/contract/replication';
import type {
  ListedSchedule,
  Schedule,
  ScheduleInput,
  ScheduleTimes,
} from '../../server/contract/schedule';
import type {
  Preview,
  PreviewInput,
  Sample,
  UnsavedTest,
  Webhook,
  WebhookInput,
} from '../../server/contract/webhook';
import type { Workflow, WorkflowChoices, WorkflowInput } from '../../server/contract/workflow';
import { useSessionClient } from '../session/use-session-client';
import { queryString, type Query } from './query';

/** Below Strapi's admin routes; each part is encoded, because content types hold colons. */
export const path = (...parts: string[]) =>
  `/${PLUGIN_ID}/${parts.map(encodeURIComponent).join('/')}`;

/** The five calls that every managed thing has. */
const resource = <Thing, Input>({ get, post, put, del }: FetchClient, name: string) => ({
  list: async (query: Query = {}) => (await get<Page<Thing>>(path(name) + queryString(query))).data,
  get: async (id: string) => (await get<{ data: Thing }>(path(name, id))).data.data,
  create: async (input: Input) => (await post<{ data: Thing }, Input>(path(name), input)).data.data,
  update: async (id: string, input: WithVersion<Input>) =>
    (await put<{ data: Thing }, WithVersion<Input>>(path(name, id), input)).data.data,
  remove: async (id: string) => {
    await del(path(name, id));
  },
});

/** Who changed one of them, and what. */
const changesOf =
  ({ get }: FetchClient, name: string) =>
  async (id: string, query: Query = {}) =>
    (await get<Page<AuditEntry>>(path(name, id, 'audit') + queryString(query))).data;

const webhooks = (client: FetchClient) => ({
  ...resource<Webhook, WebhookInput>(client, 'webhooks'),
  changes: changesOf(client, 'webhooks'),
  enable: async (id: string) =>
    (await client.post<{ data: Webhook }>(path('webhooks', id, 'enable'), {})).data.data,
  disable: async (id: string) =>
    (await client.post<{ data: Webhook }>(path('webhooks', id, 'disable'), {})).data.data,
  excludeEndUsers: async (id: string) =>
    (await client.post<{ data: Webhook }>(path('webhooks', id, 'exclude-end-users'), {})).data.data,
  preview: async (input: PreviewInput) =>
    (await client.post<{ data: Preview }>(path('webhooks', 'preview'), input)).data.data,
  test: async (id: string, sample: Sample = {}) =>
    (await client.post<{ data: TestResult }>(path('webhooks', id, 'test'), sample)).data.data,
  /** Sends what is not saved, and keeps nothing of it. */
  testUnsaved: async (input: UnsavedTest) =>
    (await client.post<{ data: TestResult }>(path('webhooks', 'test'), input)).data.data,
  /** With a new `secret`, answered this once and never again; of a key pair, with the new public key alone. */
  rotateSecret: async (id: string) =>
    (await client.post<{ data: Webhook }>(path('webhooks', id, 'secret'), {})).data.data,
});

const authorizations = (client: FetchClient) => ({
  ...resource<Authorization, AuthorizationInput>(client, 'authorizations'),
  changes: changesOf(client, 'authorizations'),
  /** Ids and names, for whoever may read webhooks. */
  choices: async () =>
    (await client.get<{ data: AuthorizationChoice[] }>(path('authorizations', 'choices'))).data
      .data,
  check: async (id: string, input: AuthorizationCheckInput) =>
    (await client.post<{ data: AuthorizationCheck }>(path('authorizations', id, 'check'), input))
      .data.data,
});

const deliveries = ({ get, post }: FetchClient) => ({
  list: async (query: Query = {}) =>
    (await get<Page<ListedDelivery>>(path('deliveries') + queryString(query))).data,
  get: async (id: string) => (await get<{ data: ShownDelivery }>(path('deliveries', id))).data.data,
  resend: async (id: string) =>
    (await post<{ data: Delivery }>(path('deliveries', id, 'resend'), {})).data.data,
  resendMany: async (input: Many) =>
    (await post<{ data: ManyDone }>(path('deliveries', 'resend'), input)).data.data,
  cancelMany: async (input: Many) =>
    (await post<{ data: ManyDone }>(path('deliveries', 'cancel'), input)).data.data,
  /** A file, as the browser holds it: on disk, where it is large. */
  exported: async (format: ExportFormat, query: Query = {}) =>
    (
      await get<Blob>(path('deliveries', 'export') + queryString({ ...query, format }), {
        responseType: 'blob',
      })
    ).data,
});

const workflows = (client: FetchClient) => ({
  ...resource<Workflow, WorkflowInput>(client, 'workflows'),
  changes: changesOf(client, 'workflows'),
  choices: async () =>
    (await client.get<{ data: WorkflowChoices }>(path('workflows', 'choices'))).data.data,
  /** With `moveTo: 'publication'`, its documents lose their states. */
  remove: async (id: string, query: Query = {}) => {
    await client.del(path('workflows', id) + queryString(query));
  },
});

const schedules = ({ get, post, put, del }: FetchClient) => ({
  list: async (query: Query = {}) =>
    (await get<Page<ListedSchedule>>(path('schedules') + queryString(query))).data,
  create: async (input: ScheduleInput) =>
    (await post<{ data: Schedule }, ScheduleInput>(path('schedules'), input)).data.data,
  update: async (id: string, times: WithVersion<ScheduleTimes>) =>
    (await put<{ data: Schedule }, WithVersion<ScheduleTimes>>(path('schedules', id), times)).data
      .data,
  /** It stays in the list. */
  cancel: async (id: string) => {
    await del(path('schedules', id));
  },
});

const replications = (client: FetchClient) => ({
  ...resource<Replication, ReplicationInput>(client, 'replications'),
  changes: changesOf(client, 'replications'),
  /** Newest first. */
  runs: async (id: string, query: Query = {}) =>
    (await client.get<Page<ReplicationRun>>(path('replications', id, 'runs') + queryString(query)))
      .data,
  run: async (id: string) =>
    (await client.post<{ data: Replication }>(path('replications', id, 'run'), {})).data.data,
  /** Asks for its end, which comes a moment later. */
  cancel: async (id: string) =>
    (await client.post<{ data: Replication }>(path('replications', id, 'cancel'), {})).data.data,
});

const apiOf = (client: FetchClient) => ({
  webhooks: webhooks(client),
  authorizations: authorizations(client),
  deliveries: deliveries(client),
  workflows: workflows(client),
  schedules: schedules(client),
  replications: replications(client),
  changes: async (query: Query = {}) =>
    (await client.get<Page<AuditEntry>>(path('audit') + queryString(query))).data,
  events: async () => (await client.get<{ data: CatalogueEntry[] }>(path('events'))).data.data,
  contentTypes: async () =>
    (await client.get<{ data: ContentTypeChoices }>(path('content-types'))).data.data,
  statistics: async (query: StatisticsQuery = {}) =>
    (await client.get<{ data: Statistics }>(path('statistics') + queryString(query))).data.data,
  health: async () => (await client.get<{ data: Health }>(path('health'))).data.data,
});

export type Api = ReturnType<typeof apiOf>;

/** The same object on every render, so that it may stand in dependency lists. */
export const useApi = (): Api => {
  const client = useSessionClient();
  return React.useMemo(() => apiOf(client), [client]);
};
