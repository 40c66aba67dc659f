/** The overview and the widget of the home page, in a real browser on the built panel, with real traffic. */
import type { Webhook } from '../../server/contract/webhook';
import { startReceiver, type Receiver } from '../support/receiver';
import { until } from '../integration/delivery/stage';
import { openPanel, type Panel } from './panel';

const OVERVIEW = '/settings/workflow-webhooks/overview';
const COUNT = 24;

let panel: Panel;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({ config: { delivery: { schedule: [0, 3_600_000] } } });
});

afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

const makeWebhook = async (name: string, path: string): Promise<Webhook> => {
  const answer = await panel.app.request('POST', '/workflow-webhooks/webhooks', {
    name,
    url: receiver.url(path),
    events: ['entry.create'],
    contentTypes: ['api::notice.notice'],
  });
  return answer.body.data;
};

const writeNotices = (count: number): Promise<void> =>
  panel.app.run(async (strapi, total) => {
    for (let index = 0; index < total; index += 1)
      await strapi.documents('api::notice.notice').create({ data: { title: `Notice ${index}` } });
  }, count);

/** Waits until the statistics that the page requests include everything. */
const counted = () =>
  until(
    async () => (await panel.app.request('GET', '/workflow-webhooks/statistics')).body.data,
    ({ states }) =>
      states.delivered === COUNT && states.dead === COUNT && states.retrying === COUNT,
  );

/** Deliveries and their attempts move into the hours before, as if traffic had been going on for long. */
const spread = (strapi: any) =>
  Promise.all(
    [
      ['deliveries', 'created_at', 'id'],
      ['attempts', 'at', 'delivery_id'],
    ].map(([table, moment, id]) =>
      strapi.db.connection(`workflow_webhooks_${table}`).update({
        [moment!]: strapi.db.connection.raw(
          `${moment} - (${id} * ${id} % 40 + ${id} % 7) * 1800000`,
        ),
      }),
    ),
  );

describe('The overview', () => {
  test('says that nothing was sent yet, and leads to a new webhook', async () => {
    const { page } = panel;
    await panel.goTo(OVERVIEW);
    await page.getByText('Nothing was sent yet.').waitFor();
    await page.getByRole('link', { name: 'Create webhook' }).click();
    await page.waitForURL(/webhooks\/create/);
  });

  test('shows what was delivered, what is retried and what failed, with the webhooks that need attention', async () => {
    const { page } = panel;
    receiver.on('/search').answer({ status: 200, delayMs: 40 });
    receiver.on('/fails').answer(500);
    receiver.on('/moved').answer({ redirect: 'https://example.com/' });
    await makeWebhook('Website', '/website');
    await makeWebhook('Newsletter', '/fails');
    await makeWebhook('Old intranet', '/moved');
    await writeNotices(COUNT);
    await counted();
    await panel.app.run(spread);

    await panel.goTo(OVERVIEW);
    const deliveries = page.getByRole('region', { name: 'Deliveries over time' });
    await deliveries.locator('.recharts-bar-rectangle path').first().waitFor();
    await page.getByRole('row', { name: /Newsletter.*Failing.*24/s }).waitFor();
    await page.getByRole('row', { name: /Old intranet.*24/s }).waitFor();
    await page.getByRole('row', { name: /Website.*Healthy.*24/s }).waitFor();
    expect(await page.locator(`a[href$="${OVERVIEW}"]`).count()).toBe(1);
    const facts = await page.getByLabel('Key figures').innerText();
    expect(facts).toMatch(/Delivered\s+24\s+33\.3%\s*of all/);
    expect(facts).toMatch(/Failed\s+24/);
    expect(facts).toMatch(/24 retrying/);
    expect(facts).toMatch(/Engine: database/);
    await page
      .getByRole('region', { name: 'Response times' })
      .locator('.recharts-line')
      .first()
      .waitFor();
    // All of it: the page scrolls within its frame.
    await page.setViewportSize({ width: 1440, height: 1500 });
    await panel.picture('overview-light');
  });

  test('tells the same as a table', async () => {
    const { page } = panel;
    const deliveries = page.getByRole('region', { name: 'Deliveries over time' }).first();
    await deliveries.getByRole('button', { name: 'Table: Deliveries over time' }).click();
    const rows = deliveries.getByRole('row');
    await rows.nth(1).waitFor();
    expect(await rows.first().innerText()).toMatch(/Delivered.*Waiting.*Retrying.*Failed/is);
    await deliveries.getByRole('button', { name: 'Chart: Deliveries over time' }).click();
    await deliveries.locator('.recharts-bar-rectangle path').first().waitFor();
  });

  test('shows another time, which its address keeps', async () => {
    const { page } = panel;
    await page.getByRole('combobox', { name: 'Period' }).click();
    await page.getByRole('option', { name: 'Last 7 days' }).click();
    await page.waitForURL(/range=week/);
    await page.reload();
    await page.getByRole('combobox', { name: 'Period' }).getByText('Last 7 days').waitFor();
    await page.getByRole('row', { name: /Newsletter/ }).waitFor();
  });

  test('leads to the deliveries that it counts', async () => {
    const { page } = panel;
    await page.getByRole('link', { name: '24 failed of Old intranet' }).click();
    await page.waitForURL(/deliveries\?webhook=.*state=dead/);
    await page
      .getByRole('row', { name: /entry\.create.*Old intranet.*Failed/s })
      .first()
      .waitFor();
  });

  test('is as good in the dark, and in German', async () => {
    const { page } = panel;
    await page.evaluate("localStorage.setItem('STRAPI_THEME', 'dark')");
    await page.evaluate("localStorage.setItem('strapi-admin-language', 'de')");
    await panel.goTo(OVERVIEW);
    await page.getByRole('heading', { name: 'Überblick' }).waitFor();
    await page.locator('.recharts-bar-rectangle path').first().waitFor();
    await page.getByText('Fehlgeschlagen').first().waitFor();
    await panel.picture('overview-dark');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate("localStorage.setItem('STRAPI_THEME', 'light')");
    await page.evaluate("localStorage.setItem('strapi-admin-language', 'en')");
  });
});

describe('The home page', () => {
  test('has a widget that says whether anything needs somebody, and leads to the overview', async () => {
    const { page } = panel;
    await panel.goTo('/');
    const widget = page.getByRole('region', { name: 'Webhook deliveries' });
    await widget.getByText('Failed in the last 24 hours').waitFor();
    expect(await widget.innerText()).toMatch(/Failing webhooks\s+2[\s\S]*Waiting deliveries\s+24/);
    await panel.picture('widget');
    await widget.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('shows neither to those who may not read deliveries', async () => {
    const other = await panel.app.createAdmin(['plugin::workflow-webhooks.webhook.read']);
    const page = await panel.loggedInAs(other.email, other.password);
    await page.goto(`${panel.app.url}/admin/settings/workflow-webhooks/webhooks`);
    await page.getByRole('row', { name: /Website/ }).waitFor();
    expect(await page.locator(`a[href$="${OVERVIEW}"]`).count()).toBe(0);
    await page.goto(`${panel.app.url}/admin/`);
    await page.getByRole('heading', { name: /Hello/ }).waitFor();
    expect(await page.getByText('Webhook deliveries').count()).toBe(0);
    await page.close();
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
