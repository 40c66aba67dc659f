/** A database of version 0.1.0: Strapi boots, keeps its data, and sends the open deliveries. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DocumentWorkflow } from '../../../server/contract/document';
import type { Schedule } from '../../../server/contract/schedule';
import type { Webhook } from '../../../server/contract/webhook';
import { DAY, HOUR, Stage } from '../delivery/stage';

const DATABASE = path.resolve(__dirname, '../../fixtures/0.1.0.sqlite.gz');
const ARTICLE = 'api::article.article';
const STATES = { 'In draft': 'draft', 'In review': 'review', Approved: 'approved' };

let stage: Stage;
let dataDir: string;
let webhooks: Map<string, Webhook>;

/** In the database of this version, each endpoint is on a port where nothing listens. */
const pointAtReceiver = async ({ id, url }: Webhook) =>
  stage.changeWebhook({ id }, { url: stage.receiver.url(new URL(url).pathname) });

const named = (name: string): Webhook => {
  const webhook = webhooks.get(name);
  if (!webhook) throw new Error(`The database has no webhook "${name}".`);
  return webhook;
};

const articles = (): Promise<Record<string, string>> =>
  stage.app.run(async (strapi, uid) => {
    const found = await strapi.documents(uid).findMany({ locale: 'en', fields: ['title'] });
    return Object.fromEntries(
      found.map(({ title, documentId }: Record<string, string>) => [title, documentId]),
    );
  }, ARTICLE);

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'workflow-webhooks-0.1.0-'));
  writeFileSync(path.join(dataDir, 'data.db'), gunzipSync(readFileSync(DATABASE)));
  // The stored rows grow old, so this configuration deletes none of them, and makes no attempt the last one.
  const schedule = [0, HOUR, HOUR, HOUR, HOUR];
  const delivery = { schedule, retentionDays: 3650, disableAfter: 0 };
  stage = await Stage.start({ dataDir, config: { delivery } });
  const found = await stage.api<Webhook[]>('GET', '/webhooks?pageSize=100');
  webhooks = new Map(found.map((webhook) => [webhook.name, webhook]));
  await Promise.all(found.map(pointAtReceiver));
});
afterAll(async () => {
  await stage?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('every webhook is there, with its kind, its format and its authorization', async () => {
  expect([...webhooks.keys()].sort()).toEqual(
    ['Authorized', 'Check', 'Dead', 'Delivered', 'On submit', 'Pending', 'Sitecore'].sort(),
  );
  expect(named('Sitecore')).toMatchObject({ format: 'sitecore', serialization: 'xml' });
  expect(named('Check')).toMatchObject({ kind: 'validation', command: 'approve' });
  expect(named('Dead')).toMatchObject({ enabled: false });
  expect(named('Authorized')).toMatchObject({ contentTypes: [], events: ['entry.*'] });
});

test('the tables have the indexes of this version, and not those of before', async () => {
  const indexes = await stage.app.run(async (strapi) => {
    const rows: { name: string; tbl_name: string }[] = await strapi.db
      .connection('sqlite_master')
      .where('type', 'index');
    return rows.filter(({ tbl_name }) => /_(deliveries|health)$/.test(tbl_name));
  });
  const names = indexes.map(({ name }) => name.replace('workflow_webhooks_', ''));
  expect(names).toEqual(
    expect.arrayContaining(['deliveries_waiting', 'health_state', 'health_parked_until']),
  );
  expect(names).not.toContain('deliveries_due');
});

test('a webhook that sent end users goes on, and is marked; one that sent none is not', async () => {
  expect(named('Authorized').includesEndUsers).toBe(true);
  // Its workflow governs a type that has nothing to do with end users.
  expect(named('Check').includesEndUsers).toBe(false);
  await stage.app.run((strapi) =>
    strapi
      .documents('plugin::users-permissions.user')
      .create({ data: { username: 'ada', email: 'ada@example.com' } }),
  );
  await stage.finished(named('Authorized'));
  const last = stage.calls('/auth').at(-1);
  expect(JSON.parse(last?.body ?? '').data.entry.email).toBe('ada@example.com');
});

test('open deliveries are sent, and failed ones can be resent', async () => {
  await stage.turn(DAY);
  const sent = await stage.finished(named('Pending'));
  expect(sent.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  expect(stage.calls('/pending')).toHaveLength(2);
  const [dead] = await stage.deliveries(named('Dead'));
  expect(dead).toMatchObject({ state: 'dead' });
  await stage.changeWebhook(named('Dead'), { enabled: true });
  await stage.api('POST', `/deliveries/${dead?.id}/resend`);
  const all = await stage.finished(named('Dead'));
  expect(all.map(({ state }) => state)).not.toContain('dead');
});

test('a change is sent with the stored credentials', async () => {
  await stage.write(1, 'After the upgrade');
  await stage.finished(named('Authorized'));
  const last = stage.calls('/auth').at(-1);
  expect(last?.headers.authorization).toBe('Bearer shop-token-0-1-0');
  expect(JSON.parse(last?.body ?? '').data.entry.title).toBe('After the upgrade 1');
});

test('documents keep their states, and commands continue from there', async () => {
  const ids = await articles();
  const place = (title: string) => `/documents/${ARTICLE}/${ids[title]}`;
  for (const [title, key] of Object.entries(STATES)) {
    const { state } = await stage.api<DocumentWorkflow>('GET', `${place(title)}?locale=en`);
    expect([title, state?.key]).toEqual([title, key]);
  }
  stage.receiver.on('/check').answer({ status: 200, body: '{"allowed":true}' });
  const path = `${place('In review')}/commands/approve?locale=en`;
  await stage.api('POST', path, { comment: 'Still fine' });
  const after = await stage.api<DocumentWorkflow>('GET', `${place('In review')}?locale=en`);
  expect(after.state?.key).toBe('approved');
});

test('schedules stay, and replications keep their times', async () => {
  const [schedule] = await stage.api<Schedule[]>('GET', '/schedules');
  expect(schedule).toMatchObject({ publishAt: '2099-01-01T09:00:00.000Z', state: 'scheduled' });
  expect(await stage.api('GET', '/replications')).toMatchObject([
    { name: 'Nightly', cron: '0 3 1 1 *' },
  ]);
});
