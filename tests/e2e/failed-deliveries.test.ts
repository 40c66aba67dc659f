/** Failed deliveries in the panel: found, resent, exported; and a disabled webhook that is enabled again. */
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

/** Runs in the browser. */
const labels = (boxes: Element[]) => boxes.map((box) => box.getAttribute('aria-label'));

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
    await page.getByRole('link', { name: `Failed deliveries ${LETTERS}` }).click();
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
    const deliveries = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(deliveries).toHaveLength(LETTERS);
    for (const one of deliveries)
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
    await page.getByRole('link', { name: `Failed deliveries ${LETTERS - 1}` }).waitFor();
  });

  test('all are resent, after it was said how many and to whom', async () => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Resend in bulk' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${LETTERS - 1} deliveries match.`).waitFor();
    await dialog.getByText(`Lost and found: ${LETTERS - 1}`).waitFor();
    await panel.picture('resend-many');
    await dialog.getByRole('button', { name: 'Resend', exact: true }).click();
    await until(async () => (await total(`webhook=${lost}&state=delivered`)) === LETTERS);
    await page.getByRole('link', { name: 'Failed deliveries 0' }).waitFor();
    await page.getByText('No failed deliveries').waitFor();
  });

  test('what is new waits behind a button, so that no row moves under a reader', async () => {
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/deliveries?webhook=${lost}`);
    await until(async () => (await rows(page).count()) === LETTERS);
    const order = () => rows(page).getByRole('checkbox').evaluateAll(labels);
    const before = await order();
    await write(2);
    await page.getByRole('button', { name: 'Show 2 new deliveries' }).waitFor();
    expect(await order()).toEqual(before);
    await panel.picture('new-deliveries');
    await page.getByRole('button', { name: 'Show 2 new deliveries' }).click();
    await until(async () => (await rows(page).count()) === LETTERS + 2);
    expect((await order()).slice(2)).toEqual(before);
  });

  test('documents are named, linked and found by their titles', async () => {
    const { page } = panel;
    const search = page.getByPlaceholder('Search by title or ID');
    await search.fill('notice 3');
    await search.press('Enter');
    await until(async () => (await rows(page).count()) === 1);
    await rows(page).getByRole('link', { name: 'Notice 3' }).click();
    await page.waitForURL(/content-manager\/collection-types\/api::notice\.notice/);
    await page.getByRole('heading', { level: 1, name: 'Notice 3' }).waitFor();
  });

  test('the counters are filters, also by keyboard', async () => {
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/deliveries`);
    const dead = page.getByRole('button', { name: /^Failed \d+$/ });
    await dead.focus();
    expect(await dead.getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('Enter');
    await page.waitForURL(/state=dead/);
    expect(await dead.getAttribute('aria-pressed')).toBe('true');
    await page.getByText('No delivery matches the filters.').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.search.includes('state='));
    await rows(page).first().waitFor();
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
    await page.getByRole('link', { name: '3 failed deliveries' }).waitFor();
    await panel.picture('webhook-disabled');
    await page.getByRole('button', { name: 'Enable', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 deliveries match.').waitFor();
    await panel.picture('enable-again');
    await dialog.getByRole('button', { name: 'Enable and resend' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until(async () => (await total(`webhook=${lost}&state=dead,cancelled`)) === 0);
    await receiver.waitFor(3, { path: '/lost' });
    expect((await api('GET', `/webhooks/${lost}`)).data).toMatchObject({
      enabled: true,
      health: { state: 'healthy', disabledReason: null },
    });
    await until(
      async () => (await page.getByRole('link', { name: /failed deliver/ }).count()) === 0,
    );
  });

  test('a deleted webhook keeps its name in the log', async () => {
    const { page } = panel;
    await api('DELETE', `/webhooks/${lost}`);
    await panel.goTo(`${SETTINGS}/deliveries?webhook=${lost}`);
    await rows(page).first().getByText('Lost and found (deleted)').waitFor();
  });

  test('a list that lost its last rows shows its last page', async () => {
    const { page } = panel;
    for (let index = 10; index < 20; index += 1) await makeWebhook(`Many ${index}`, '/many');
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await panel.goTo(`${SETTINGS}/webhooks?page=2&sort=name:asc`);
    await row('Many 19')
      .getByRole('button', { name: /^Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row('Many 18').waitFor();
    await page.waitForURL((url) => !url.search.includes('page=2'));
    for (const list of ['authorizations', 'workflows', 'replications', 'changes', 'deliveries']) {
      await panel.goTo(`${SETTINGS}/${list}?page=9`);
      await page.waitForURL((url) => !url.search.includes('page=9'));
    }
    await panel.goTo('/plugins/workflow-webhooks/schedule?page=9');
    await page.waitForURL((url) => !url.search.includes('page=9'));
  });

  test('a long name leaves the switch and the menu in view, and the menu copies and tests', async () => {
    const { page } = panel;
    const name = `Long ${'name '.repeat(35)}`.trim();
    const url = `${receiver.url('/long')}?key=0123456789`;
    const headers = { 'x-key': { value: 'hidden', secret: true } };
    await api('POST', '/webhooks', { name, url, headers, events: ['entry.create'] });
    await panel.goTo(`${SETTINGS}/webhooks?search=Long`);
    const row = page.getByRole('row').filter({ hasText: 'Long name' });
    const menu = row.getByRole('button', { name: /^Actions/ });
    for (const width of [1280, 768]) {
      await page.setViewportSize({ width, height: 800 });
      for (const control of [menu, row.getByRole('switch')]) {
        const box = await control.boundingBox();
        expect((box?.x ?? width) + (box?.width ?? width)).toBeLessThanOrEqual(width);
      }
      await panel.picture(`webhooks-long-name-${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Send test' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Status 200').waitFor();
    await page.keyboard.press('Escape');
    await menu.click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.waitForURL(/create\?copy=/);
    const field = page.getByRole('textbox', { name: 'Name' }).first();
    await field.waitFor();
    expect(await field.inputValue()).toBe(`Copy of ${name}`.slice(0, 200));
    expect(await page.getByLabel('URL').inputValue()).toBe(`${receiver.url('/long')}?key=`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A secret header needs a value.').waitFor();
  });

  test('the list of webhooks is filtered by health', async () => {
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/webhooks?health=off`);
    await page.getByText('No webhook matches the search and the filters.').waitFor();
    await panel.goTo(`${SETTINGS}/webhooks?health=healthy`);
    const row = page.getByRole('row').filter({ hasText: 'Fine' });
    await row.getByText('Delivered').waitFor();
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
