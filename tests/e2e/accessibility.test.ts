/** Every page of the built panel, with content, as axe-core and a keyboard find it. */
import type { Page } from 'playwright-core';
import { APPROVAL, PAGE } from '../integration/workflow/scene';
import { until } from '../integration/delivery/stage';
import { startReceiver, type Receiver } from '../support/receiver';
import { violationsIn } from './axe';
import { openPanel, type Panel } from './panel';

const SETTINGS = '/settings/workflow-webhooks';
const NOTICE = 'api::notice.notice';
const DAY = 86_400_000;

let panel: Panel;
let page: Page;
let receiver: Receiver;
/** By what they are: webhook, workflow ... */
const ids: Record<string, string> = {};

const api = async <T = any>(method: string, path: string, body?: object): Promise<T> => {
  const answer = await panel.app.request(method, `/workflow-webhooks${path}`, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body.data;
};

const make = async (what: string, path: string, input: object) => {
  ids[what] = (await api('POST', path, input)).id;
};

const write = (uid: string, title: string): Promise<string> =>
  panel.app.run(
    async (strapi, at) =>
      (await strapi.documents(at.uid).create({ data: { title: at.title } })).documentId,
    { uid, title },
  );

const event = (name: string, path: string, more: object = {}) => ({
  name,
  url: receiver.url(path),
  events: ['entry.create', 'entry.update'],
  contentTypes: [NOTICE],
  ...more,
});

const fill = async () => {
  receiver.on('/fails').answer(500);
  receiver.on('/moved').answer({ redirect: 'https://example.com/' });
  await make('authorization', '/authorizations', { name: 'Ada', kind: 'bearer', token: 'x' });
  await make('webhook', '/webhooks', {
    ...event('Website', '/website', { signing: 'standard', authorization: ids.authorization }),
    headers: { 'x-team': 'web' },
    filter: { and: [{ field: 'entry.title', op: 'contains', value: 'Notice' }] },
  });
  await make('failing', '/webhooks', event('Newsletter', '/fails'));
  await make('dead', '/webhooks', event('Old intranet', '/moved'));
  await make('off', '/webhooks', event('Archive', '/website', { enabled: false }));
  await make('workflow', '/workflows', APPROVAL);
  await make('validation', '/webhooks', {
    name: 'Legal',
    kind: 'validation',
    url: receiver.url('/website'),
    workflow: ids.workflow,
    command: 'approve',
  });
  const input = { destination: 'http://127.0.0.1:9/admin', token: 'x', cron: '0 3 * * *' };
  await make('replication', '/replications', { name: 'Live', ...input });
  ids.page = await write(PAGE, 'A page');
  const publishAt = new Date(Date.now() + DAY).toISOString();
  await make('schedule', '/schedules', {
    uid: PAGE,
    documentId: ids.page,
    publishAt,
    timezone: 'UTC',
  });
  await write(NOTICE, 'Notice');
  const { states } = await until(
    async () => api('GET', '/statistics'),
    (figures) => figures.states.delivered === 1 && figures.states.dead === 1,
  );
  expect(states.retrying).toBe(1);
  ids.delivery = (await api('GET', '/deliveries?state=retrying'))[0].id;
};

const set = (key: string, value: string) =>
  page.evaluate(`localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(value)})`);

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({ config: { delivery: { schedule: [0, 3_600_000] } } });
  page = panel.page;
  await fill();
});
afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

type Place = [name: string, path: () => string, shown: () => Promise<unknown>];

const text = (words: string | RegExp) => () =>
  page.getByRole('main').getByText(words).first().waitFor();

const PLACES: Place[] = [
  ['the overview', () => `${SETTINGS}/overview`, text('Newsletter')],
  ['the list of webhooks', () => `${SETTINGS}/webhooks`, text('Newsletter')],
  ['the sorted list of webhooks', () => `${SETTINGS}/webhooks?sort=name:desc`, text('Newsletter')],
  ['the kinds of webhooks', () => `${SETTINGS}/webhooks/create`, text('Validation')],
  ['a new webhook', () => `${SETTINGS}/webhooks/create?kind=event`, text('entry.create')],
  ['a webhook', () => `${SETTINGS}/webhooks/${ids.webhook}`, text('webhook-signature')],
  ['a failing webhook', () => `${SETTINGS}/webhooks/${ids.failing}`, text('entry.create')],
  ['a validation', () => `${SETTINGS}/webhooks/${ids.validation}`, text('Approval')],
  ['the quick setup', () => `${SETTINGS}/webhooks/quick-setup`, text('entry.create')],
  ['the list of workflows', () => `${SETTINGS}/workflows`, text('Approval')],
  ['the templates of workflows', () => `${SETTINGS}/workflows/create`, text('Workflow')],
  ['a workflow', () => `${SETTINGS}/workflows/${ids.workflow}`, text('In review')],
  ['the list of authorizations', () => `${SETTINGS}/authorizations`, text('Ada')],
  ['a new authorization', () => `${SETTINGS}/authorizations/create`, text('Digest')],
  ['an authorization', () => `${SETTINGS}/authorizations/${ids.authorization}`, text('Website')],
  ['the list of replications', () => `${SETTINGS}/replications`, text('Live')],
  ['a replication', () => `${SETTINGS}/replications/${ids.replication}`, text('Cron')],
  ['the list of deliveries', () => `${SETTINGS}/deliveries`, text('Newsletter')],
  ['a delivery', () => `${SETTINGS}/deliveries/${ids.delivery}`, text('Attempt 1')],
  ['the changes', () => `${SETTINGS}/changes`, text('Newsletter')],
  ['the schedule', () => '/plugins/workflow-webhooks/schedule', text('A page')],
];

test.each(['light', 'dark'])(
  'axe finds nothing serious on any page, in the %s',
  async (theme) => {
    await set('STRAPI_THEME', theme);
    const found: Record<string, string[]> = {};
    for (const [name, path, shown] of PLACES) {
      await panel.goTo(path());
      await shown().catch((error) => {
        throw new Error(`${name}: ${error}`);
      });
      const violations = await violationsIn(page, 'main');
      if (violations.length > 0) found[name] = violations;
      if (process.env.SHOTS)
        await page.screenshot({
          path: `/tmp/shots-forms/${theme}-${name.replaceAll(' ', '-')}.png`,
          fullPage: true,
        });
    }
    expect(found).toEqual({});
  },
  300_000,
);
