/** Every form of the built panel changes the stored settings, and reports a conflict with another save. */
import type { Page } from 'playwright-core';
import { APPROVAL, PAGE } from '../integration/workflow/scene';
import { SUPER_ADMIN } from '../support/strapi';
import { openPanel, type Panel } from './panel';
import { RESOURCES, type Fields } from './resources';

const SETTINGS = '/settings/workflow-webhooks';
const DAY = 86_400_000;

let panel: Panel;
let page: Page;

const api: Panel['api'] = (...call) => panel.api(...call);

const draftPage = (): Promise<string> =>
  panel.app.run(async (strapi, uid) => {
    const document = await strapi.documents(uid).create({ data: { title: 'A page' } });
    return document.documentId;
  }, PAGE);

const made = async (path: string, input: Fields, name: string) => {
  const { id } = await api('POST', path, { ...input, name });
  const put = (other: string) => api('PUT', `${path}/${id}`, { ...input, name: other });
  return { id, put, open: () => panel.goTo(`${SETTINGS}${path}/${id}`) };
};

const nameField = () => page.locator('input[name="name"]').first();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('alertdialog');
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });

const isValueShown = (name: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector<HTMLInputElement>('input[name="name"]')?.value === wanted,
    name,
  );

/** Waits for the heading first: before, the field may belong to the former page. */
const shows = async (name: string) => {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await isValueShown(name);
};

const rename = async (name: string) => {
  await nameField().fill(name);
  await button('Save').click();
};

beforeAll(async () => {
  panel = await openPanel({});
  page = panel.page;
});
afterAll(() => panel?.close());

test.each(RESOURCES)('%s is changed in its form', async (what, path, input) => {
  const { open } = await made(path, input, `New ${what}`);
  await open();
  await shows(`New ${what}`);
  await rename(`Changed ${what}`);
  await page.getByText(`Changed ${what} is saved.`).first().waitFor();
  await page.reload();
  await shows(`Changed ${what}`);
});

test('webhooks that still send end users are named in the list and in their forms, and one click ends it', async () => {
  const input = { url: 'http://127.0.0.1:9/', events: ['entry.*'] };
  const first = await made('/webhooks', input, 'Older one');
  const second = await made('/webhooks', input, 'Older two');
  const includes = async ({ id }: { id: string }) =>
    (await api('GET', `/webhooks/${id}`)).includesEndUsers;
  await panel.app.run(
    (strapi, ids) =>
      strapi.db
        .connection('workflow_webhooks_webhooks')
        .whereIn('document_id', ids)
        .update({ includes_end_users: true }),
    [first.id, second.id],
  );
  await first.open();
  const notice = page.getByText("This webhook still sends end users' data");
  await notice.waitFor();
  await page.getByText('Empty: all content types except end users').waitFor();
  await button('Leave end users out').click();
  await notice.waitFor({ state: 'detached' });
  expect([await includes(first), await includes(second)]).toEqual([false, true]);
  await panel.goTo(`${SETTINGS}/webhooks`);
  const listed = page.getByText("1 webhook still sends end users' data");
  await listed.waitFor();
  await button('Leave end users out of Older two').click();
  await listed.waitFor({ state: 'detached' });
  expect(await includes(second)).toBe(false);
});

test('a content type that is hidden in the Content Manager can be chosen, and is marked', async () => {
  const input = { url: 'http://127.0.0.1:9/', events: ['entry.*'] };
  const { id, open } = await made('/webhooks', input, 'Redirects');
  await open();
  await shows('Redirects');
  await page.getByRole('combobox', { name: 'Content types' }).click();
  await page.getByRole('option', { name: 'Redirect (hidden in the Content Manager)' }).click();
  await page.keyboard.press('Escape');
  await button('Save').click();
  await page.getByText('Redirects is saved.').first().waitFor();
  expect((await api('GET', `/webhooks/${id}`)).contentTypes).toEqual(['api::redirect.redirect']);
});

const ONE_OF_EACH = ['an event webhook', 'a bearer token', 'a workflow', 'a replication'];

test.each(RESOURCES.filter(([what]) => ONE_OF_EACH.includes(what)))(
  'a save of %s over another one says who was faster, and goes either way',
  async (what, path, input) => {
    const { id, put, open } = await made(path, input, `Opened ${what}`);
    const stored = async () => (await api('GET', `${path}/${id}`)).name;
    await open();
    await shows(`Opened ${what}`);
    await put(`Theirs ${what}`);
    await rename(`Mine ${what}`);
    await dialog()
      .getByText(/^Ada Admin saved another version on /)
      .waitFor();
    if (path === '/webhooks') await panel.picture('conflict');
    expect(await stored()).toBe(`Theirs ${what}`);
    await inDialog('Keep editing').click();
    expect(await nameField().inputValue()).toBe(`Mine ${what}`);

    await button('Save').click();
    await inDialog('Overwrite').click();
    await page.getByText(`Mine ${what} is saved.`).first().waitFor();
    expect(await stored()).toBe(`Mine ${what}`);

    await put(`Theirs again ${what}`);
    await rename(`Never ${what}`);
    await inDialog('Reload').click();
    await shows(`Theirs again ${what}`);
    await dialog().waitFor({ state: 'hidden' });
    await rename(`Last ${what}`);
    await page.getByText(`Last ${what} is saved.`).first().waitFor();
    expect(await stored()).toBe(`Last ${what}`);
  },
);

test('a schedule is changed in its dialog, which also says who was faster', async () => {
  const documentId = await draftPage();
  const publishAt = new Date(Date.now() + DAY).toISOString();
  const times = { publishAt, timezone: 'Europe/Berlin' };
  const { id } = await api('POST', '/schedules', { uid: PAGE, documentId, ...times });
  const form = page.getByRole('dialog').filter({ hasText: 'Change' });
  const zone = form.getByRole('combobox', { name: 'Time zone' });
  const choose = async (typed: string, name: string) => {
    await zone.fill('');
    await zone.pressSequentially(typed);
    await page.getByRole('option', { name }).click();
  };
  const stored = async () =>
    (await api('GET', `/schedules?uid=${PAGE}&documentId=${documentId}`))[0].timezone;
  const open = async () => {
    await panel.goTo(`${SETTINGS.replace('/settings', '/plugins')}/schedule`);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'A page' })
      .getByRole('button', { name: /^Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
  };
  await open();
  await choose('asia/tok', 'Asia/Tokyo');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The schedule is saved.').first().waitFor();
  expect(await stored()).toBe('Asia/Tokyo');

  await page.reload();
  await open();
  expect(await zone.inputValue()).toBe('Asia/Tokyo');
  await api('PUT', `/schedules/${id}`, { ...times, timezone: 'UTC' });
  await choose('europe/par', 'Europe/Paris');
  await form.getByRole('button', { name: 'Save' }).click();
  await dialog()
    .getByText(/^Ada Admin saved another version on /)
    .waitFor();
  await inDialog('Reload').click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some(({ value }) => value === 'UTC'),
  );
  await choose('europe/par', 'Europe/Paris');
  await api('PUT', `/schedules/${id}`, times);
  await form.getByRole('button', { name: 'Save' }).click();
  await inDialog('Overwrite').click();
  await page.getByText('The schedule is saved.').first().waitFor();
  expect(await stored()).toBe('Europe/Paris');
});

describe('a webhook', () => {
  const input = { url: 'http://127.0.0.1:9/', events: ['entry.create'] };
  const toggle = () => page.getByRole('checkbox', { name: 'Enabled' });
  const isEnabled = async (id: string) => (await api('GET', `/webhooks/${id}`)).enabled;

  test('is switched in its form at once, keeps what is typed, and is "Off", not healthy', async () => {
    const { id, open } = await made('/webhooks', input, 'Switched');
    await open();
    await shows('Switched');
    await page.getByText('Healthy', { exact: true }).waitFor();
    await nameField().fill('Switched and renamed');
    await toggle().click();
    await page.getByText('Switched is no longer enabled.').first().waitFor();
    await page.getByRole('main').getByText('Off', { exact: true }).first().waitFor();
    expect(await page.getByText('Healthy', { exact: true }).count()).toBe(0);
    expect(await isEnabled(id)).toBe(false);
    await panel.picture('webhook-off');
    await button('Save').click();
    await page.getByText('Switched and renamed is saved.').first().waitFor();
    expect(await isEnabled(id)).toBe(false);
  });

  test('is "Off" in the list too, and switched on there while its form is open elsewhere', async () => {
    const { id, open } = await made('/webhooks', { ...input, enabled: false }, 'Listed');
    await panel.goTo(`${SETTINGS}/webhooks?search=Listed`);
    const row = page.getByRole('row').filter({ hasText: 'Listed' });
    await row.getByText('Off', { exact: true }).waitFor();
    await open();
    await shows('Listed');
    await api('POST', `/webhooks/${id}/enable`);
    await rename('Listed no more');
    await page.getByText('Listed no more is saved.').first().waitFor();
    expect(await isEnabled(id)).toBe(true);
  });

  test('is enabled and disabled together with others that are ticked in the list', async () => {
    const one = await made('/webhooks', { ...input, enabled: false }, 'Ticked one');
    const other = await made('/webhooks', input, 'Ticked other');
    const states = async () => [await isEnabled(one.id), await isEnabled(other.id)];
    await panel.goTo(`${SETTINGS}/webhooks?search=Ticked`);
    const all = page.getByRole('checkbox', { name: 'Select all on this page' });
    await all.click();
    await page.getByText('2 selected', { exact: true }).waitFor();
    await panel.picture('webhooks-ticked');
    await button('Enable').click();
    await page.getByText('1 webhook is enabled.').first().waitFor();
    expect(await states()).toEqual([true, true]);
    await all.click();
    await button('Disable').click();
    await page.getByText('2 webhooks are disabled.').first().waitFor();
    expect(await states()).toEqual([false, false]);
    expect(await page.getByText(/selected$/).count()).toBe(0);
  });
});

test('content types that leave a workflow with their documents are asked about', async () => {
  const { id, open } = await made('/workflows', { ...APPROVAL, contentTypes: [PAGE] }, 'Release');
  const documentId = await draftPage();
  await api('POST', `/documents/${PAGE}/${documentId}/commands/submit`, {});
  await open();
  await shows('Release');
  await page
    .getByRole('button', { name: /Remove Page|Clear/ })
    .first()
    .click();
  await button('Save').click();
  await dialog()
    .getByText(/^Page: 1 document loses its state\. They can then be published/)
    .waitFor();
  await panel.picture('workflow-release');
  await inDialog('Remove and save').click();
  await page.getByText('Release is saved.').first().waitFor();
  expect(await api('GET', `/workflows/${id}`)).toMatchObject({
    contentTypes: [],
    usage: { documents: {}, contentTypes: {} },
  });
});

describe('when the session ends', () => {
  const WITH_SECRETS: [what: string, path: string, input: Fields, secret: string][] = [
    ['a bearer token', '/authorizations', { kind: 'bearer', token: 'x' }, 'input[name="token"]'],
    [
      'a replication',
      '/replications',
      { destination: 'http://127.0.0.1:9/admin', token: 'x' },
      'input[name="token"]',
    ],
  ];
  const CANARY = 'the-secret-that-is-typed';

  /** Only on the server, as if the session had expired: the page does not know. */
  const endSession = async () => {
    const status = await page.evaluate(async () => {
      const cookie = /jwtToken=([^;]+)/.exec(document.cookie)?.[1];
      const token = cookie ?? JSON.parse(localStorage.getItem('jwtToken') ?? '""');
      const answer = await fetch('/admin/logout', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ deviceId: localStorage.getItem('strapi.admin.deviceId') }),
      });
      return answer.status;
    });
    expect(status).toBe(200);
  };

  /** The preview, which makes a request by itself after typing, may have found the end of the session before. */
  const submit = () =>
    page.evaluate(() =>
      document.querySelector<HTMLFormElement>('form:has(input[name="name"])')?.requestSubmit(),
    );

  const logInAgain = async () => {
    await page.getByText('Your session has ended. Log in again to continue.').first().waitFor();
    await page.getByLabel('Email').fill(SUPER_ADMIN.email);
    await page.getByLabel('Password', { exact: false }).first().fill(SUPER_ADMIN.password);
    await page.getByRole('button', { name: 'Login' }).click();
  };

  test.each(RESOURCES.filter(([what]) => ONE_OF_EACH.includes(what)))(
    'a save of %s leads to the login and back, and loses nothing that was typed',
    async (what, path, input) => {
      const { id, open } = await made(path, input, `Before ${what}`);
      const stored = async () => (await api('GET', `${path}/${id}`)).name;
      await open();
      await shows(`Before ${what}`);
      await nameField().fill(`Typed ${what}`);
      await endSession();
      await submit();
      await logInAgain();
      await isValueShown(`Typed ${what}`);
      await page
        .getByText(/This form shows again what you had typed/)
        .first()
        .waitFor();
      expect(await stored()).toBe(`Before ${what}`);
      await button('Save').click();
      await page.getByText(`Typed ${what} is saved.`).first().waitFor();
      expect(await stored()).toBe(`Typed ${what}`);
      expect(
        await page.evaluate(() => Object.keys(sessionStorage).filter((key) => /kept/.test(key))),
      ).toEqual([]);
    },
  );

  test.each(WITH_SECRETS)('a secret of %s is kept nowhere', async (...row) => {
    const [what, path, input, secret] = row;
    const { open } = await made(path, input, `Secret ${what}`);
    await open();
    await shows(`Secret ${what}`);
    await nameField().fill(`Typed ${what}`);
    await page.locator(secret).fill(CANARY);
    await endSession();
    await submit();
    await page.getByLabel('Email').waitFor();
    expect(
      await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])),
    ).not.toContain(CANARY);
    await logInAgain();
    await isValueShown(`Typed ${what}`);
    await page
      .getByText(/Secrets were not kept: enter them again/)
      .first()
      .waitFor();
    expect(await page.locator(secret).inputValue()).toBe('');
  });

  test('a page that loads leads to the login and back too', async () => {
    await panel.goTo(`${SETTINGS}/webhooks`);
    await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
    // Otherwise this page's own requests may find the end of the session first.
    await page.waitForLoadState('networkidle');
    await endSession();
    await page.getByRole('link', { name: 'Deliveries' }).first().click();
    await logInAgain();
    await page.waitForURL((url) => url.pathname.endsWith('/deliveries'));
    await page.getByRole('heading', { level: 1, name: 'Deliveries' }).waitFor();
  });
});

test('a date of a filter is picked, and the preview shows the signature', async () => {
  const before = { field: 'entry.createdAt', op: 'gt', value: '2026-06-01T12:00:00.000Z' };
  const input = { url: 'http://127.0.0.1:9/', events: ['entry.create'], signing: 'standard' };
  const { id, open } = await made('/webhooks', { ...input, filter: before }, 'Dated');
  await open();
  await shows('Dated');
  await page.getByText(/webhook-signature: v1,/).waitFor();
  const date = page.getByRole('combobox', { name: 'Value: date' });
  expect(await date.inputValue()).toBe('06/01/2026');
  await date.fill('07/15/2026');
  await date.press('Tab');
  await panel.picture('filter-date');
  await button('Save').click();
  await page.getByText('Dated is saved.').first().waitFor();
  const { filter } = await api('GET', `/webhooks/${id}`);
  expect(JSON.stringify(filter)).toMatch(/"value":"2026-07-1[456]T/);
  await panel.goTo(`${SETTINGS}/webhooks/create?kind=event`);
  await page.getByRole('combobox', { name: 'Signature' }).click();
  await page.getByRole('option', { name: 'GitHub' }).click();
  await page.getByText(/^X-Hub-Signature-256 is added when the request is sent/).waitFor();
});

test('in German', async () => {
  await page.evaluate("localStorage.setItem('strapi-admin-language', 'de')");
  const input = { url: 'http://127.0.0.1:9/', events: ['entry.create'], enabled: false };
  const { put, open } = await made('/webhooks', input, 'Auf Deutsch');
  await open();
  await shows('Auf Deutsch');
  await page.getByRole('main').getByText('Aus', { exact: true }).first().waitFor();
  await put('Von anderen');
  await nameField().fill('Von mir');
  await button('Speichern').click();
  await dialog()
    .getByText(/^Ada Admin hat am .* eine andere Version gespeichert/)
    .waitFor();
  await panel.picture('conflict-german');
  await inDialog('Neu laden').click();
  await shows('Von anderen');
  await button('Test senden').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Test senden' }).click();
  await page
    .getByText(/^Der Empfänger hat die Verbindung abgelehnt: .* \(ECONNREFUSED\)$/)
    .first()
    .waitFor();
  await panel.picture('reason-german');
  expect(panel.complaints).toEqual([]);
});
