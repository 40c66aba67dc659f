/** Every endpoint of the plugin, as functions that answer the shapes of the contract. */
import * as React from 'react';
import { useFetchClient, type FetchClient } from '@strapi/strapi/admin';
import type { Authorization, AuthorizationInput } from '../../server/contract/authorization';
import type { CatalogueEntry } from '../../server/contract/catalogue';
import type { ContentTypes } from '../../server/contract/content-type';
import type {
  Delivery,
  DeliveryDetail,
  Health,
  ResendMany,
  TestResult,
} from '../../server/contract/delivery';
import { PLUGIN_ID } from '../../server/contract/names';
import type { Page } from '../../server/contract/paging';
import type {
  Preview,
  PreviewInput,
  Sample,
  Webhook,
  WebhookInput,
} from '../../server/contract/webhook';
import { queryString, type Query } from './query';

const path = (...parts: string[]) => `/${PLUGIN_ID}/${parts.map(encodeURIComponent).join('/')}`;

/** The five calls that every managed thing has. */
const resource = <Thing, Input>({ get, post, put, del }: FetchClient, name: string) => ({
  list: async (query: Query = {}) => (await get<Page<Thing>>(path(name) + queryString(query))).data,
  get: async (id: string) => (await get<{ data: Thing }>(path(name, id))).data.data,
  create: async (input: Input) => (await post<{ data: Thing }, Input>(path(name), input)).data.data,
  update: async (id: string, input: Input) =>
    (await put<{ data: Thing }, Input>(path(name, id), input)).data.data,
  remove: async (id: string) => {
    await del(path(name, id));
  },
});

const webhooks = (client: FetchClient) => ({
  ...resource<Webhook, WebhookInput>(client, 'webhooks'),
  preview: async (input: PreviewInput) =>
    (await client.post<{ data: Preview }>(path('webhooks', 'preview'), input)).data.data,
  test: async (id: string, sample: Sample = {}) =>
    (await client.post<{ data: TestResult }>(path('webhooks', id, 'test'), sample)).data.data,
  /** The new secret, `whsec_` and base64: it is answered this once and never again. */
  rotateSecret: async (id: string) =>
    (await client.post<{ data: { secret: string } }>(path('webhooks', id, 'secret'), {})).data.data
      .secret,
});

const deliveries = ({ get, post }: FetchClient) => ({
  list: async (query: Query = {}) =>
    (await get<Page<Delivery>>(path('deliveries') + queryString(query))).data,
  get: async (id: string) =>
    (await get<{ data: DeliveryDetail }>(path('deliveries', id))).data.data,
  resend: async (id: string) =>
    (await post<{ data: Delivery }>(path('deliveries', id, 'resend'), {})).data.data,
  resendMany: async (input: ResendMany) =>
    (await post<{ data: { count: number } }>(path('deliveries', 'resend'), input)).data.data,
});

const apiOf = (client: FetchClient) => ({
  webhooks: webhooks(client),
  authorizations: resource<Authorization, AuthorizationInput>(client, 'authorizations'),
  deliveries: deliveries(client),
  events: async () => (await client.get<{ data: CatalogueEntry[] }>(path('events'))).data.data,
  contentTypes: async () =>
    (await client.get<{ data: ContentTypes }>(path('content-types'))).data.data,
  health: async () => (await client.get<{ data: Health }>(path('health'))).data.data,
});

export type Api = ReturnType<typeof apiOf>;

/** The same object on every render, so that it may stand in dependency lists. */
export const useApi = (): Api => {
  const client = useFetchClient();
  return React.useMemo(() => apiOf(client), [client]);
};
