/** The whole way of an administrator and an editor, in a real browser on the built panel. */
import { Webhook as Verifier } from 'standardwebhooks';
import { startReceiver, type Receiver } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const SETTINGS = '/settings/workflow-webhooks';
const TOKEN = 'the-token-of-the-receiver';

let panel: Panel;
let receiver: Receiver;
let secret = '';

beforeAll(async () => {
  receiver = await startReceiver();
  // A retry an hour later: what fails stays failed until somebody resends it.
  panel = await openPanel({ config: { delivery: { schedule: [0, 3_600_000] } } });
});

afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

describe('In the panel', () => {
  test('an administrator stores the credentials of a receiver', async () => {
    const { page } = panel;
    await panel.goTo(SETTINGS.concat('/authorizations'));
    await page.getByRole('link', { name: 'Create authorization' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).first().fill('The receiver');
    await page.getByRole('radio', { name: 'Bearer token' }).click();
    await page.getByRole('region', { name: 'Credentials' }).getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The receiver is saved.').waitFor();
    expect(await page.content()).not.toContain(TOKEN);
  });

  test('is told at the field what is wrong with a webhook', async () => {
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/webhooks/create?kind=event`);
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Metadata thief');
    await page.getByLabel('URL').fill('http://169.254.169.254/latest');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('region', { name: 'General' })
      .getByText(/169\.254\.169\.254 is .*network\.allow/)
      .waitFor();
    expect(await page.getByLabel('URL').getAttribute('aria-describedby')).toBeTruthy();
    const { body } = await panel.app.request('GET', '/workflow-webhooks/webhooks');
    expect(body.data).toEqual([]);
  });

  test('makes a webhook, and sees its secret once', async () => {
    const { page } = panel;
    await panel.goTo(`${SETTINGS}/webhooks/create?kind=event`);
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Website');
    await page.getByLabel('URL').fill(receiver.url('/website'));
    await page.getByRole('checkbox', { name: 'entry.publish' }).click();
    await page.getByRole('combobox', { name: 'Authorization' }).click();
    await page.getByRole('option', { name: 'The receiver' }).click();
    await page.getByRole('combobox', { name: 'Signature' }).click();
    await page.getByRole('option', { name: /Standard Webhooks.*HMAC/ }).click();
    await page.getByText('"type": "entry.publish"').first().waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    const shown = page
      .getByText(/^whsec_/)
      .or(page.locator('input[value^="whsec_"]'))
      .first();
    await shown.waitFor();
    secret = (await shown.inputValue().catch(() => shown.innerText())).trim();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.content()).not.toContain(secret);
  });

  test('sends a test, and sees request and answer', async () => {
    const { page } = panel;
    receiver.on('/website').answer({ status: 202, body: 'thank you' }, 200);
    await page.getByRole('button', { name: 'Send test' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Status 202').waitFor();
    await dialog.getByText('thank you').waitFor();
    const [request] = await receiver.waitFor(1, { path: '/website' });
    expect(request?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(() =>
      new Verifier(secret).verify(request?.body ?? '', request?.headers as Record<string, string>),
    ).not.toThrow();
    expect(await dialog.innerText()).not.toContain(TOKEN);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  test('an editor publishes an article, and the delivery arrives', async () => {
    const { page } = panel;
    receiver.clear();
    receiver.on('/website').answer(200);
    await panel.goTo(
      '/content-manager/collection-types/api::article.article/create?plugins[i18n][locale]=en',
    );
    await page.getByLabel('title', { exact: false }).first().fill('Sent from the panel');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const [request] = await receiver.waitFor(1, { path: '/website' });
    const event = JSON.parse(request?.body ?? '{}');
    expect(event).toMatchObject({
      type: 'entry.publish',
      data: {
        uid: 'api::article.article',
        status: 'published',
        entry: { title: 'Sent from the panel' },
        actor: { type: 'admin' },
      },
    });
    await panel.goTo(`${SETTINGS}/deliveries`);
    await page
      .getByRole('row', { name: /entry\.publish.*Website.*Delivered/s })
      .first()
      .waitFor();
    expect(receiver.requests).toHaveLength(1);
  });

  test('a delivery that failed says so, and is resent by hand with the same id and body', async () => {
    const { page } = panel;
    receiver.clear();
    receiver.on('/website').answer(500, 200);
    await panel.goTo('/content-manager/collection-types/api::page.page');
    await panel.goTo('/content-manager/collection-types/api::page.page/create');
    await page.getByLabel('title', { exact: false }).first().fill('Refused at first');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await receiver.waitFor(1, { path: '/website' });
    await panel.goTo(`${SETTINGS}/deliveries?sort=createdAt:desc`);
    await page.getByText('The receiver answered 500.').first().waitFor();
    await page.getByRole('link', { name: 'entry.publish' }).first().click();
    await page.getByRole('button', { name: 'Resend' }).click();
    const [first, second] = await receiver.waitFor(2, { path: '/website' });
    await page.getByText('Attempt 2').waitFor();
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
  });

  test('who may only read the log sees neither webhooks nor a way to resend', async () => {
    const reader = await panel.app.createAdmin(['plugin::workflow-webhooks.delivery.read']);
    const page = await panel.loggedInAs(reader.email, reader.password);
    await page.goto(`${panel.app.url}/admin${SETTINGS}/deliveries`);
    await page.getByRole('link', { name: 'entry.publish' }).first().click();
    await page.getByText('Attempt 1').waitFor();
    expect(await page.getByRole('button', { name: 'Resend' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Authorizations' }).count()).toBe(0);
    await page.close();
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
