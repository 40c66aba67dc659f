/** What was given up, in the panel: found, resent, exported; and a webhook that was disabled, brought back. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startReceiver, type Receiver } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const SETTINGS = '/settings/workflow-webhooks';
const LETTERS = 5;

let panel: Panel;
let receiver: Receiver;

const api = async (method: string, path: string, body?: unknown) => {
  const answer = await panel.app.request(method, `/workflow-webhooks${path}`, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
};

const makeWebhook = async (name: string, path: string): Promise<string> =>
  (
    await api('POST', '/webhooks', {
      name,
      url: receiver.url(path),
      events: ['entry.create'],
      contentTypes: ['api::notice.notice'],
      maxAttempts: 1,
    })
  ).data.id;

const write = (count: number) =>
  panel.app.run(async (strapi, last) => {
    for (let index = 0; index < last; index += 1)
      await strapi.documents('api::notice.notice').create({ data: { title: `Notice ${index}` } });
  }, count);

const total = async (query: string): Promise<number> =>
  (await api('GET', `/deliveries?${query}&pageSize=1`)).meta.pagination.total;

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('It never came to that.');
  }
};

const rows = (page: Page) => page.getByRole('row').filter({ hasText: 'entry.create' });

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({ config: { delivery: { schedule: [0, 3_600_000] } } });
});
afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

describe('In the panel', () => {
  let lost: string;

  test('dead letters have a view of their own, with their count', async () => {
    receiver.on('/lost').answer(500);
    lost = await makeWebhook('Lost and found', '/lost');
    await makeWebhook('Fine', '/fine');
    await write(LETTERS);
    await until(async () => (await total('state=dead')) === LETTERS);
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/deliveries`);
    await page.getByRole('link', { name: `Dead letters ${LETTERS}` }).click();
    await page.waitForURL(/resendable=true/);
    await until(async () => (await rows(page).count()) === LETTERS);
    expect(await page.getByRole('row').filter({ hasText: 'Fine' }).count()).toBe(0);
    await panel.picture('dead-letters');
  });

  test('an export downloads what the list shows', async () => {
    const { page } = panel;
    const exported = async (item: RegExp) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ]);
      return {
        name: download.suggestedFilename(),
        text: await readFile(await download.path(), 'utf8'),
      };
    };
    const lines = await exported(/JSON lines/);
    expect(lines.name).toBe('deliveries.jsonl');
    const told = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toHaveLength(LETTERS);
    for (const one of told)
      expect(one).toMatchObject({ state: 'dead', webhook: { id: lost }, attempts: [{}] });
    const table = await exported(/CSV/);
    expect(table.name).toBe('deliveries.csv');
    expect(table.text.trimEnd().split('\r\n')).toHaveLength(LETTERS + 1);
  });

  test('some are resent by ticking them', async () => {
    const { page } = panel;
    receiver.on('/lost').answer(200);
    await rows(page).first().getByRole('checkbox').click();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: 'Resend selected' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('1 delivery is sent again to Lost and found.').waitFor();
    await dialog.getByRole('button', { name: 'Resend' }).click();
    await until(async () => (await total(`webhook=${lost}&state=delivered`)) === 1);
    await page.getByRole('link', { name: `Dead letters ${LETTERS - 1}` }).waitFor();
  });

  test('all are resent, after it was said how many and to whom', async () => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Resend many' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${LETTERS - 1} deliveries fit now.`).waitFor();
    await dialog.getByText(`Lost and found: ${LETTERS - 1}`).waitFor();
    await panel.picture('resend-many');
    await dialog.getByRole('button', { name: 'Resend', exact: true }).click();
    await until(async () => (await total(`webhook=${lost}&state=delivered`)) === LETTERS);
    await page.getByRole('link', { name: 'Dead letters 0' }).waitFor();
    await page.getByText('No dead letters').waitFor();
  });

  test('a webhook that was disabled is enabled again, and gets what it missed', async () => {
    const { page } = panel;
    receiver.on('/lost').answer(410);
    await write(1);
    await until(async () => !(await api('GET', `/webhooks/${lost}`)).data.enabled);
    await write(2);
    receiver.on('/lost').answer(200);
    receiver.requests.length = 0;
    await panel.goTo(`${SETTINGS}/webhooks`);
    const row = page.getByRole('row').filter({ hasText: 'Lost and found' });
    await row.getByText('410 Gone').waitFor();
    await row.getByText('Disabled since').waitFor();
    await panel.picture('webhooks-disabled');
    await row.getByRole('link', { name: 'Lost and found' }).click();
    await page.getByRole('link', { name: '3 dead letters' }).waitFor();
    await panel.picture('webhook-disabled');
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 deliveries fit now.').waitFor();
    await panel.picture('enable-again');
    await dialog.getByRole('button', { name: 'Enable and resend' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until(async () => (await total(`webhook=${lost}&state=dead,cancelled`)) === 0);
    await receiver.waitFor(3, { path: '/lost' });
    expect((await api('GET', `/webhooks/${lost}`)).data).toMatchObject({
      enabled: true,
      health: { state: 'healthy', disabledReason: null },
    });
    await until(async () => (await page.getByRole('link', { name: /dead letter/ }).count()) === 0);
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
