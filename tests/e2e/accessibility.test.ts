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
/** The ids by resource: webhook, workflow ... */
const ids: Record<string, string> = {};

const api: Panel['api'] = (...call) => panel.api(...call);

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

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({ config: { delivery: { schedule: [0, 3_600_000] } } });
  page = panel.page;
  await fill();
}, 300_000);
afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

type Place = [name: string, path: () => string, shown: () => Promise<unknown>];

const text = (words: string | RegExp) => () =>
  page.getByRole('main').getByText(words).filter({ visible: true }).first().waitFor();

const PLACES: Place[] = [
  ['the overview', () => `${SETTINGS}/overview`, text('Newsletter')],
  ['the list of webhooks', () => `${SETTINGS}/webhooks`, text('Newsletter')],
  ['the sorted list of webhooks', () => `${SETTINGS}/webhooks?sort=name:desc`, text('Newsletter')],
  ['the kinds of webhooks', () => `${SETTINGS}/webhooks/create`, text('Approval check')],
  ['a new webhook', () => `${SETTINGS}/webhooks/create?kind=event`, text(/^URL/)],
  ['a webhook', () => `${SETTINGS}/webhooks/${ids.webhook}`, text('webhook-signature')],
  ['a failing webhook', () => `${SETTINGS}/webhooks/${ids.failing}`, text(/^URL/)],
  ['a validation', () => `${SETTINGS}/webhooks/${ids.validation}`, text('Approval')],
  ['the quick setup', () => `${SETTINGS}/webhooks/quick-setup`, text(/^Endpoint/)],
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

const isIn = (theme: 'light' | 'dark') => `(() => {
  const [red] = getComputedStyle(document.body).backgroundColor.match(/\\d+/);
  const isChanging = document.getAnimations().some((one) => one instanceof CSSTransition);
  return !isChanging && (red > 127) === ${theme === 'light'};
})()`;

/** Strapi takes the theme of the system. Returns when the page has the new colours. */
const changeTheme = async (theme: 'light' | 'dark') => {
  await page.emulateMedia({ colorScheme: theme });
  // Not `waitForFunction`, which Strapi's Content Security Policy forbids.
  for (let looks = 0; !(await page.evaluate<boolean>(isIn(theme))); looks += 1) {
    if (looks === 200) throw new Error(`The page does not become ${theme}.`);
    await page.waitForTimeout(50);
  }
};

test('axe finds nothing serious on any page, neither light nor dark', async () => {
  const found: Record<string, string[]> = {};
  for (const [name, path, shown] of PLACES) {
    await panel.goTo(path());
    await shown();
    for (const theme of ['light', 'dark'] as const) {
      await changeTheme(theme);
      const violations = await violationsIn(page, 'main');
      if (violations.length > 0) found[`${name}, ${theme}`] = violations;
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }
  expect(found).toEqual({});
}, 600_000);

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const question = () => page.getByRole('alertdialog');
/** Waits until the question is gone: it covers the page while it closes. */
const answer = async (name: string) => {
  await question().getByRole('button', { name, exact: true }).click();
  await question().waitFor({ state: 'hidden' });
};

/** Waits for the focus: a dialog returns it a moment after it has closed. */
const focusIsOn = (name: string) =>
  page.waitForFunction(
    (wanted) =>
      (document.activeElement?.getAttribute('aria-label') ??
        document.activeElement?.textContent) === wanted,
    name,
  );

const menuOf = async (name: string, item: string) => {
  await button(`Actions of ${name}`).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
};

describe('The keyboard', () => {
  test('is back at the button that opened a dialog after Esc', async () => {
    await panel.goTo(`${SETTINGS}/webhooks/${ids.webhook}`);
    await button('Send test').press('Enter');
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await focusIsOn('Send test');
  });

  test('is back at the menu of the row after "Cancel", and at the next row after a deletion', async () => {
    await panel.goTo(`${SETTINGS}/webhooks?sort=name:asc`);
    await menuOf('Archive', 'Delete');
    await question().waitFor();
    await page.keyboard.press('Escape');
    await focusIsOn('Actions of Archive');
    await menuOf('Archive', 'Delete');
    await answer('Delete');
    await page.getByRole('row', { name: /Archive/ }).waitFor({ state: 'detached' });
    await focusIsOn('Actions of Legal');
  });

  test('is at the heading after the last row was deleted', async () => {
    await panel.goTo(`${SETTINGS}/replications`);
    await menuOf('Live', 'Delete');
    await answer('Delete');
    await page.getByText('There is no replication yet.', { exact: false }).waitFor();
    await focusIsOn('Replication');
  });

  test('is at the next row after one was taken out of a form', async () => {
    await panel.goTo(`${SETTINGS}/webhooks/${ids.webhook}`);
    await button('Add a header').click();
    await button('Remove the header x-team').press('Enter');
    await focusIsOn('Remove Header');
    await button('Remove Header').press('Enter');
    await focusIsOn('Add a header');
  });

  test('reaches the table of the overview', async () => {
    await panel.goTo(`${SETTINGS}/overview`);
    await page.getByRole('row', { name: /Newsletter/ }).waitFor();
    const table = page.getByRole('grid').filter({ hasText: 'Newsletter' });
    await table.locator('[tabindex="0"]').first().focus();
    for (let row = 0; row < 3; row += 1) await page.keyboard.press('ArrowDown');
    await page.waitForFunction("document.activeElement.closest('tr')?.rowIndex === 3");
  });

  test('sends no half of a schedule with Enter in its day', async () => {
    await panel.goTo('/plugins/workflow-webhooks/schedule');
    await menuOf('A page', 'Change');
    const day = dialog().getByRole('combobox', { name: 'Unpublish: date' });
    await day.fill('31/12/2030');
    await day.press('Enter');
    await day.press('Enter');
    await page.keyboard.press('Tab');
    expect(await dialog().getByText('Choose the time too.').count()).toBe(0);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Choose the time too.').waitFor();
  });
});

describe('What is typed in a dialog', () => {
  test('is asked about before Esc or a click outside loses it', async () => {
    await page.keyboard.press('Escape');
    await question().getByText('Discard your input?').waitFor();
    await answer('Keep editing');
    await dialog().getByText('Choose the time too.').waitFor();
    await page.mouse.click(5, 5);
    await question().getByText('Discard your input?').waitFor();
    await answer('Discard');
    await dialog().waitFor({ state: 'hidden' });
    await focusIsOn('Actions of A page');
  });

  test('such as the comment of a command', async () => {
    await panel.goTo(`/content-manager/collection-types/${PAGE}/${ids.page}`);
    await button('Submit').click();
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await focusIsOn('Submit');
    await button('Submit').click();
    await dialog().getByRole('textbox').fill('Please look at the second part.');
    await page.keyboard.press('Escape');
    await answer('Keep editing');
    expect(await dialog().getByRole('textbox').inputValue()).toBe(
      'Please look at the second part.',
    );
  });
});

describe('A secret that is shown once', () => {
  const makeNew = async () => {
    await panel.goTo(`${SETTINGS}/webhooks/${ids.webhook}`);
    await button('Generate a new secret').click();
    await answer('Generate a new secret');
    await dialog()
      .getByText(/^whsec_/)
      .waitFor();
  };

  /** Clicks again if need be: the dialog below reacts a moment after the question above it is gone. */
  const clickOutside = async () => {
    for (let tries = 0; tries < 5 && !(await question().isVisible()); tries += 1) {
      await page.mouse.click(5, 5);
      await question()
        .waitFor({ timeout: 5000 })
        .catch(() => undefined);
    }
  };

  test('is lost neither by Esc nor by a click outside', async () => {
    await makeNew();
    await page.keyboard.press('Escape');
    await question().getByText('Close without storing the secret?').waitFor();
    await answer('Back to the secret');
    await clickOutside();
    await question().getByText('Close without storing the secret?').waitFor();
    await answer('Back to the secret');
    await dialog()
      .getByText(/^whsec_/)
      .waitFor();
    await dialog().getByRole('button', { name: 'I have stored it' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await focusIsOn('Generate a new secret');
  });

  test('may be closed by Esc once it was copied', async () => {
    await makeNew();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialog().getByRole('button', { name: 'Copy: Secret' }).click();
    await page.getByText('Copied').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });
});

test.each([
  ['Add a state', 'States'],
  ['Add an action', 'Actions'],
])('"%s" takes the click that leaves an empty name', async (name, section) => {
  await panel.goTo(`${SETTINGS}/workflows/${ids.workflow}`);
  const part = page.getByRole('region', { name: section, exact: true });
  const items = part.getByRole('listitem').filter({ has: page.locator('input') });
  const add = part.getByRole('button', { name });
  await add.click();
  const before = await items.count();
  await items.last().locator('input').first().focus();
  await add.click();
  await items.nth(before).waitFor();
});

test('no page broke on the way', () => {
  expect(panel.complaints).toEqual([]);
});
