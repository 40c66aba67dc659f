/** Scheduled content in a real browser on the built panel: an editor plans, time comes, and everybody sees what became of it. */
import type { Page } from 'playwright-core';
import type { Delivery } from '../../server/contract/delivery';
import { until } from '../integration/delivery/stage';
import { startReceiver, type Receiver } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const ARTICLE = 'api::article.article';
const LIST = `/content-manager/collection-types/${ARTICLE}`;
const ENGLISH = '?plugins[i18n][locale]=en';
const DAY = 86_400_000;

const may = (action: string, subject: string | null = null) => ({ action, subject });
const CONTENT = ['read', 'create', 'update', 'publish'].map((action) => ({
  action: `plugin::content-manager.explorer.${action}`,
  subject: ARTICLE,
  properties: { locales: ['en'] },
}));
const EDITOR = [
  ...CONTENT,
  ...['read', 'create', 'update', 'delete'].map((action) =>
    may(`plugin::workflow-webhooks.schedule.${action}`),
  ),
];

let panel: Panel;
let receiver: Receiver;
let page: Page;

const api: Panel['api'] = (...call) => panel.api(...call);

const write = (title: string): Promise<string> =>
  panel.app.run(
    async (strapi, data) =>
      (await strapi.documents('api::article.article').create({ data, locale: 'en' })).documentId,
    { title },
  );

const isPublished = (documentId: string): Promise<boolean> =>
  panel.app.run(async (strapi, id) => {
    const document = await strapi
      .documents('api::article.article')
      .findOne({ documentId: id, locale: 'en', status: 'published' });
    return document !== null;
  }, documentId);

/** The time by the clock that tests turn. */
const turn = (ms: number): Promise<void> =>
  panel.app.run((strapi, by) => strapi.plugin('workflow-webhooks').service('clock').turn(by), ms);

const goTo = (place: string) => page.goto(`${panel.app.url}/admin${place}`);
const open = (documentId: string) => goTo(`${LIST}/${documentId}${ENGLISH}`);
const side = () => page.locator('aside').filter({ hasText: 'Schedule' });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const row = (title: string) => page.getByRole('listitem').filter({ hasText: title });

/** Strapi writes days as the browser's language does: here, American. */
const choose = async (
  what: 'Publish' | 'Unpublish',
  { day, time }: { day: string; time: string },
) => {
  const date = dialog().getByRole('combobox', { name: `${what}: date`, exact: true });
  await date.fill(day);
  await date.press('Tab');
  const clock = dialog().getByRole('combobox', { name: `${what}: time`, exact: true });
  await clock.fill(time);
  await clock.press('Tab');
};

const american = (ms: number) => new Date(ms).toLocaleDateString('en-US', { timeZone: 'UTC' });

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({});
  await api('POST', '/webhooks', {
    name: 'Schedule notified',
    url: receiver.url('/notified'),
    events: ['schedule.*'],
  });
  const editor = await panel.app.createAdmin(EDITOR);
  page = await panel.loggedInAs(editor.email, editor.password);
});

afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

describe('An editor', () => {
  let documentId: string;

  test('sees that nothing is scheduled, and sees each error at its field', async () => {
    documentId = await write('Christmas offer');
    await open(documentId);
    await side().getByText('Nothing is scheduled.').waitFor();
    await side().getByRole('button', { name: 'Schedule' }).click();
    await dialog().getByRole('button', { name: 'Schedule' }).click();
    await dialog().getByText('Expected a time to publish, to archive, or both.').waitFor();
    await choose('Publish', { day: '01/01/2020', time: '10:00' });
    await dialog().getByRole('button', { name: 'Schedule' }).click();
    await dialog().getByText('Expected a time in the future.').waitFor();
  });

  test('schedules publishing in a time zone of choice', async () => {
    await choose('Publish', { day: american(Date.now() + DAY), time: '10:00' });
    await choose('Unpublish', { day: american(Date.now() + 9 * DAY), time: '23:30' });
    const zone = dialog().getByRole('combobox', { name: 'Time zone' });
    expect(await zone.inputValue()).toBe(
      await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
    );
    await zone.fill('');
    await zone.pressSequentially('europe/ber');
    await page.getByRole('option', { name: 'Europe/Berlin' }).click();
    await dialog().getByRole('button', { name: 'Schedule' }).click();
    await page.getByText('The schedule is saved.').waitFor();
    await side().getByText('Scheduled', { exact: true }).waitFor();
    expect(await side().innerText()).toMatch(
      /10:00 AM\s+Europe\/Berlin\s+Your time: .* [89]:00 AM/,
    );
    const [schedule] = await api('GET', `/schedules?documentId=${documentId}`);
    expect(schedule).toMatchObject({ timezone: 'Europe/Berlin', locale: 'en', state: 'scheduled' });
  });

  test('finds it on the page of the menu, under its day, and goes from there to the article', async () => {
    await page.getByRole('link', { name: 'Schedule', exact: true }).click();
    await page.getByRole('heading', { name: 'Schedule', level: 1 }).waitFor();
    const text = await row('Christmas offer').innerText();
    expect(text).toMatch(/Article · en/i);
    expect(text).toMatch(/Publish, unpublish on/);
    expect(text).toMatch(/Europe\/Berlin/);
    await row('Christmas offer').getByRole('link', { name: 'Christmas offer' }).click();
    await side().getByText('Scheduled', { exact: true }).waitFor();
  });

  test('sees it published when its time has come, and the receiver was notified', async () => {
    await turn(2 * DAY);
    await receiver.waitFor(2, { path: '/notified' });
    await page.getByRole('tab', { name: 'Published' }).waitFor();
    await side().getByText('Scheduled', { exact: true }).waitFor();
    expect(await isPublished(documentId)).toBe(true);
    const requests = await receiver.waitFor(2, { path: '/notified' });
    expect(requests.map(({ body }) => JSON.parse(body).type)).toEqual([
      'schedule.create',
      'schedule.publish',
    ]);
    const log = await until(
      () => api<Delivery[]>('GET', `/deliveries?documentId=${documentId}&sort=id:asc`),
      (all) => all.every(({ state }) => state === 'delivered'),
    );
    expect(log.map(({ event }) => event)).toEqual(['schedule.create', 'schedule.publish']);
  });

  test('may still change when it is archived, but not when it was published', async () => {
    await side().getByRole('button', { name: 'Change' }).click();
    await dialog().getByText('It was published as scheduled.').waitFor();
    const date = dialog().getByRole('combobox', { name: 'Publish: date', exact: true });
    expect(await date.isDisabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    // The document shows its new state without a reload.
    const tab = page.getByRole('tab', { name: 'Published' });
    await tab.click();
    expect(await tab.getAttribute('aria-selected')).toBe('true');
    await page.getByRole('tab', { name: 'Draft' }).click();
  });

  test('cancels it, and it is to be seen among the cancelled', async () => {
    await side().getByRole('button', { name: 'Cancel schedule' }).click();
    await page.getByRole('button', { name: 'Cancel schedule' }).last().click();
    await page.getByText('The schedule is cancelled.').waitFor();
    await side().getByText('Nothing is scheduled.').waitFor();
    await page.getByRole('link', { name: 'Schedule', exact: true }).click();
    await page.getByText(/^Nothing is scheduled\./).waitFor();
    await page.getByRole('combobox', { name: 'Show' }).click();
    await page.getByRole('option', { name: 'Cancelled' }).click();
    await row('Christmas offer').getByText('Cancelled', { exact: true }).waitFor();
  });

  test('reads why one failed, beside the document and in the list', async () => {
    receiver.on('/check').answer({
      status: 200,
      body: JSON.stringify({ allowed: false, message: 'Legal has not signed it.' }),
    });
    const { id } = await api('POST', '/webhooks', {
      ...{ kind: 'validation', name: 'Legal desk', url: receiver.url('/check') },
      ...{ workflow: 'publication', command: 'publish' },
    });
    documentId = await write('Unsigned contract');
    const publishAt = new Date(Date.now() + 3 * DAY).toISOString();
    await api('POST', '/schedules', { uid: ARTICLE, documentId, locale: 'en', publishAt });
    await open(documentId);
    await side().getByText('Scheduled', { exact: true }).waitFor();
    await turn(2 * DAY);
    await side().getByText('Failed', { exact: true }).waitFor();
    await side()
      .getByText(/Legal has not signed it\./)
      .waitFor();
    await side().getByRole('button', { name: 'Schedule' }).waitFor();
    await goTo('/plugins/workflow-webhooks/schedule?state=failed');
    await row('Unsigned contract')
      .getByText(/Legal has not signed it\./)
      .waitFor();
    expect(await isPublished(documentId)).toBe(false);
    await api('DELETE', `/webhooks/${id}`);
  });

  test('changes and cancels one from the menu of its row', async () => {
    const later = await write('Spring offer');
    const publishAt = new Date(Date.now() + 30 * DAY).toISOString();
    await api('POST', '/schedules', { uid: ARTICLE, documentId: later, locale: 'en', publishAt });
    await goTo('/plugins/workflow-webhooks/schedule');
    await button('Actions of Spring offer').click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
    await choose('Publish', { day: american(Date.now() + 40 * DAY), time: '06:15' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByText('The schedule is saved.').waitFor();
    await row('Spring offer').getByText(/6:15/).waitFor();
    await button('Actions of Spring offer').click();
    await page.getByRole('menuitem', { name: 'Cancel schedule' }).click();
    await button('Cancel schedule').click();
    await row('Spring offer').waitFor({ state: 'detached' });
  });
});

describe('Who may not', () => {
  test('write schedules sees none of the buttons, and who may not see them no menu entry', async () => {
    const documentId = await write('Only to be read');
    const reading = CONTENT.filter(({ action }) => !action.endsWith('publish'));
    const reader = await panel.app.createAdmin([
      ...reading,
      may('plugin::workflow-webhooks.schedule.read'),
    ]);
    page = await panel.loggedInAs(reader.email, reader.password);
    await open(documentId);
    await side().getByText('Nothing is scheduled.').waitFor();
    expect(await side().getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: 'Schedule', exact: true }).waitFor();

    const stranger = await panel.app.createAdmin(reading);
    page = await panel.loggedInAs(stranger.email, stranger.password);
    const refused = page.waitForResponse((answer) => answer.url().includes('/schedules?'));
    await open(documentId);
    expect((await refused).status()).toBe(403);
    await button('Save').waitFor();
    expect(await side().count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Schedule', exact: true }).count()).toBe(0);
    await goTo('/plugins/workflow-webhooks/schedule');
    await page.getByText(/permissions to access/i).waitFor();
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
