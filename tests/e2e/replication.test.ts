/** A replication from the form to the other Strapi, in the built panel, with two real Strapis. */
import type { Page } from 'playwright-core';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapi, type App } from '../support/strapi';
import { documentsOf, transferToken, write, ARTICLE } from '../integration/replication/scene';
import { openPanel, type Panel } from './panel';

const PAGE = '/settings/workflow-webhooks/replications';

let panel: Panel;
let page: Page;
let receiver: Receiver;
let live: App;

beforeAll(async () => {
  receiver = await startReceiver();
  live = await startStrapi();
  panel = await openPanel({});
  page = panel.page;
  await write(panel.app);
  await panel.app.request('POST', '/workflow-webhooks/webhooks', {
    name: 'Replications',
    url: receiver.url('/notified'),
    events: ['replication.*'],
  });
});

afterAll(async () => {
  await panel?.close();
  await live?.stop();
  await receiver?.stop();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const region = (name: string) => page.getByRole('region', { name, exact: true });
const field = (label: string) =>
  region('What is copied where')
    .getByLabel(new RegExp(`^${label}`))
    .first();

const make = async (name: string, token: string) => {
  await panel.goTo(`${PAGE}/create`);
  await field('Name').fill(name);
  await field('Destination').fill(`${live.url}/admin`);
  await field('Transfer token').fill(token);
  await button('Save').click();
  await page.getByText(`${name} is saved.`).first().waitFor();
};

const run = async () => {
  await button('Run now').click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText(/is deleted at .* and replaced by what is here/).waitFor();
  await panel.picture('replication-confirm');
  await dialog.getByRole('button', { name: 'Replace and run' }).click();
};

test('an empty list says what a replication needs', async () => {
  await panel.goTo(PAGE);
  await page.getByText('There is no replication yet.', { exact: false }).waitFor();
  await panel.picture('replication-empty');
});

test('a form that is refused leads to its first wrong field', async () => {
  await panel.goTo(`${PAGE}/create`);
  await field('Cron expression').fill('every day');
  await button('Save').click();
  await region('What is copied where').getByText('Give the replication a name.').waitFor();
  await page.waitForFunction("document.activeElement?.getAttribute('name') === 'name'");
});

test('a replication is created, confirmed, followed while it runs, and sends its events', async () => {
  await make('To live', await transferToken(live));
  await run();
  const last = region('Last run');
  await last.getByText('Running', { exact: true }).waitFor();
  await panel.picture('replication-running');
  await last.getByText('Completed', { exact: true }).waitFor();
  await panel.picture('replication-completed');
  const runs = region('Runs');
  await runs.getByText('Completed', { exact: true }).waitFor();
  await runs.getByText(/Manually/).waitFor();
  await runs.getByText(/api::article\.article \d/).waitFor();
  expect(await documentsOf(live, ARTICLE)).toEqual(await documentsOf(panel.app, ARTICLE));
  // The webhook travelled with the content: the destination tells of what it received, too.
  const isOurs = (body: string) => JSON.parse(body).data.replication.trigger === 'manual';
  await receiver.waitFor(({ body }) => isOurs(body) && body.includes('replication.completed'));
  const calls = receiver.requests.filter(({ body }) => isOurs(body));
  expect(calls.map(({ body }) => JSON.parse(body).type).sort()).toEqual([
    'replication.completed',
    'replication.started',
  ]);
});

test('a wrong token shows a clear error, and the token is never shown', async () => {
  await make('Wrong', 'not-the-token');
  await run();
  const last = region('Last run');
  await last.getByText('The destination refused the token.', { exact: false }).waitFor();
  await panel.picture('replication-failed');
  await panel.goTo(PAGE);
  await page.getByText('Failed', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('not-the-token');
  await panel.picture('replication-list');
});

test('in the dark, and in German', async () => {
  await page.evaluate("localStorage.setItem('STRAPI_THEME', 'dark')");
  await page.evaluate("localStorage.setItem('strapi-admin-language', 'de')");
  await panel.goTo(PAGE);
  await page.getByText('Fehlgeschlagen', { exact: true }).waitFor();
  await panel.picture('replication-list-dark');
  await page.getByRole('link', { name: 'To live' }).click();
  await region('Läufe').getByText('Abgeschlossen', { exact: true }).waitFor();
  await panel.picture('replication-dark');
  expect(panel.complaints).toEqual([]);
});
