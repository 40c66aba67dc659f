/** Strapis that replicate to each other, each with a receiver of its events. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ReplicationFacts } from '../../../server/contract/event';
import type { Stage } from '../delivery/stage';
import type { App } from '../../support/strapi';
import { NODE_ARGUMENTS } from '../../support/strapi-process';

const PLAYGROUND = path.resolve(__dirname, '../../../playground');
const STRAPI = path.resolve(__dirname, '../../../node_modules/@strapi/strapi/bin/strapi.js');

export const ARTICLE = 'api::article.article';
export const NOTICE = 'api::notice.notice';

export type ReplicationEvent = {
  type: string;
  data: { id: string; replication: ReplicationFacts };
};

/** The replication events that a receiver got, in order. */
export const replicationEvents = (stage: Stage, where = '/replication'): ReplicationEvent[] =>
  stage
    .calls(where)
    .map(({ body }) => JSON.parse(body) as ReplicationEvent)
    .sort((one, other) => (one.data.id < other.data.id ? -1 : 1));

/** Waits for the event of this name. Name the run if events of an earlier test may still arrive. */
export const receivedEvent = (stage: Stage, name: string, run?: string) => {
  const fits = ({ type, data }: ReplicationEvent) =>
    type === name && (!run || data.replication.id === run);
  return stage.receiver
    .waitFor(({ body }) => fits(JSON.parse(body)), { path: '/replication', timeoutMs: 60_000 })
    .then((found) => JSON.parse(found.at(-1)!.body) as ReplicationEvent);
};

export const subscribe = (stage: Stage, where = '/replication') =>
  stage.makeWebhook({ path: where, events: ['replication.*'], contentTypes: [] });

/** Creates documents of two types: drafts, published ones, and one with two locales. Returns the ids by content type. */
export const write = (app: App, count = 3): Promise<Record<string, string[]>> =>
  app.run(async (strapi, size) => {
    const articles: string[] = [];
    for (let index = 0; index < size; index += 1) {
      const data = { title: `Article ${index}` };
      const made = await strapi.documents('api::article.article').create({ data, locale: 'en' });
      articles.push(made.documentId);
    }
    const [documentId] = articles;
    await strapi.documents('api::article.article').publish({ documentId, locale: 'en' });
    const data = { title: 'Un article' };
    await strapi.documents('api::article.article').update({ documentId, locale: 'fr', data });
    const notice = await strapi
      .documents('api::notice.notice')
      .create({ data: { title: 'A notice' } });
    return { 'api::article.article': articles, 'api::notice.notice': [notice.documentId] };
  }, count);

/** The ids of all documents in the database, each once. */
export const documentsOf = (app: App, uid: string): Promise<string[]> =>
  app.run(async (strapi, type) => {
    const rows: { documentId: string }[] = await strapi.db.query(type).findMany({});
    return [...new Set(rows.map(({ documentId }) => documentId))].sort();
  }, uid);

export const sorted = (ids: readonly string[] | undefined) => [...(ids ?? [])].sort();

export const transferToken = (app: App, permission = 'push'): Promise<string> =>
  app.run(async (strapi, kind): Promise<string> => {
    const { accessKey } = await strapi.service('admin::transfer').token.create({
      name: `${kind} ${Math.random()}`,
      description: '',
      permissions: [kind],
      lifespan: null,
    });
    return accessKey;
  }, permission);

type Env = Record<string, string | undefined>;

export const envOf = (app: App): Promise<Env> =>
  app.run(() => process.env as Record<string, string>);

/** Runs a command of Strapi in the project's folder, and removes the log file that Strapi leaves there. */
export const command = async (env: Env, ...args: string[]) => {
  const logs = async () =>
    (await readdir(PLAYGROUND)).filter((file) => /^transfer_\d+\.log$/.test(file));
  const before = await logs();
  const child = { ...env, NODE_CHANNEL_FD: undefined, CI: 'true' };
  try {
    return await promisify(execFile)(process.execPath, [...NODE_ARGUMENTS, STRAPI, ...args], {
      cwd: PLAYGROUND,
      env: child,
    });
  } finally {
    for (const file of (await logs()).filter((one) => !before.includes(one)))
      await rm(path.join(PLAYGROUND, file), { force: true });
  }
};

export const temporary = () => mkdtemp(path.join(tmpdir(), 'workflow-webhooks-replication-'));
