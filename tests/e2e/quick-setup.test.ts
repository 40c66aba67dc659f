/** The quick setup, in the panel: four endpoints tested and saved on one page, and found there again. */
import { permissionUid } from '../../server/contract/names';
import { startReceiver, type Receiver } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const WEBHOOKS = '/settings/workflow-webhooks/webhooks';
const QUICK = `${WEBHOOKS}/quick-setup`;

let panel: Panel;
let receiver: Receiver;

const stored = async (): Promise<any[]> =>
  (await panel.app.request('GET', '/workflow-webhooks/webhooks?sort=createdAt:asc')).body.data;

const section = (name: string) => panel.page.getByRole('region', { name, exact: true });
const endpoint = (name: string) => section(name).getByLabel('Endpoint', { exact: true });
const save = () => panel.page.getByRole('button', { name: 'Save' });

const writeArticle = (title: string) =>
  panel.app.run(
    (strapi, text) => strapi.documents('api::article.article').create({ data: { title: text } }),
    title,
  );

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({});
});
afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

describe('In the panel', () => {
  test('the quick setup is offered where there is no webhook yet', async () => {
    const { page } = panel;
    await panel.goTo(WEBHOOKS);
    await page.getByText('There are no webhooks yet.').waitFor();
    await page.getByRole('link', { name: 'Quick setup' }).last().click();
    await page.getByRole('heading', { name: 'Quick setup' }).waitFor();
    for (const name of ['Content', 'Scheduled content', 'Screens', 'Replication'])
      expect(await endpoint(name).inputValue()).toBe('');
    expect(await save().isDisabled()).toBe(true);
    await panel.picture('quick-setup-empty');
  });

  test('it says that no content type is a screen, and how one becomes one', async () => {
    const screens = section('Screens');
    await screens.getByText('No content type is configured as a screen.').waitFor();
    await screens.getByRole('button', { name: /How to configure screens/ }).click();
    await screens.getByText(/screens: \{ contentTypes:/).waitFor();
  });

  test('an endpoint is tested before it is saved, and its answer stands at its field', async () => {
    receiver.on('/content').answer(202);
    await endpoint('Content').fill(receiver.url('/content'));
    await section('Content').getByRole('button', { name: 'Test', exact: true }).click();
    await section('Content').getByText('Delivered', { exact: true }).waitFor();
    await section('Content').getByText('Status 202').waitFor();
    const [request] = receiver.requests;
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      operation: 'update',
      entityType: 'content',
    });
    expect(await stored()).toEqual([]);
  });

  test('what an endpoint answered is forgotten when anything of it changes', async () => {
    const content = section('Content');
    await content.getByRole('button', { name: 'Authorization and signature' }).click();
    await content.getByRole('combobox', { name: 'Signature' }).click();
    await panel.page.getByRole('option', { name: /Standard Webhooks.*HMAC/ }).click();
    await content.getByText('Delivered', { exact: true }).waitFor({ state: 'detached' });
    await content.getByRole('combobox', { name: 'Signature' }).click();
    await panel.page.getByRole('option', { name: 'None' }).click();
  });

  test('a test that fails says what went wrong', async () => {
    receiver.on('/schedules').answer(500);
    await endpoint('Scheduled content').fill(receiver.url('/schedules'));
    await section('Scheduled content').getByRole('button', { name: 'Test', exact: true }).click();
    await section('Scheduled content').getByText('Not delivered').waitFor();
    await section('Scheduled content').getByText('Status 500').waitFor();
    await section('Scheduled content').getByRole('button', { name: 'Request and answer' }).click();
    await section('Scheduled content').getByRole('tab', { name: 'Request' }).click();
    await section('Scheduled content').getByText('"entityType": "banner"').waitFor();

    await endpoint('Replication').fill('http://169.254.169.254/latest');
    await section('Replication').getByRole('button', { name: 'Test', exact: true }).click();
    await section('Replication')
      .getByText(/169\.254\.169\.254 is .*network\.allow/)
      .waitFor();
    await panel.picture('quick-setup-tested');
  });

  test('nothing is saved as long as an address is none, and the field says so', async () => {
    await endpoint('Replication').fill('somewhere');
    await save().click();
    await section('Replication')
      .getByText(/Expected a whole URL/)
      .waitFor();
    expect(await stored()).toEqual([]);
  });

  test('Save makes an ordinary event webhook of each, in the format of the seed', async () => {
    receiver.on('/schedules').answer(200);
    await endpoint('Replication').fill(receiver.url('/replications'));
    await endpoint('Screens').fill(receiver.url('/screens'));
    await section('Screens').getByRole('button', { name: 'Authorization and signature' }).click();
    await section('Screens').getByRole('combobox', { name: 'Signature' }).click();
    await panel.page.getByRole('option', { name: /Standard Webhooks.*HMAC/ }).click();
    await save().click();
    const dialog = panel.page.getByRole('dialog');
    await dialog.getByText('Signing secret of Visual Experience Engine: Screens').waitFor();
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await section('Content')
      .getByRole('link', { name: /All settings/ })
      .waitFor();
    const common = { kind: 'event', format: 'vee', serialization: 'json', enabled: true };
    expect(await stored()).toMatchObject([
      { ...common, url: receiver.url('/content'), events: ['entry.*', 'media.*'] },
      { ...common, url: receiver.url('/schedules'), events: ['schedule.*'] },
      { ...common, url: receiver.url('/screens'), events: ['screen.*'], signing: 'standard' },
      { ...common, url: receiver.url('/replications'), events: ['replication.*'] },
    ]);
    expect(await save().isDisabled()).toBe(true);
  });

  test('an article that is saved then is delivered as content', async () => {
    receiver.clear();
    await writeArticle('Homepage Hero');
    const [request] = await receiver.waitFor(1, { path: '/content' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      operation: 'create',
      entityType: 'content',
      data: { operation: 'create', data: { title: 'Homepage Hero' } },
      type: 'entry.create',
    });
    expect(receiver.requests).toHaveLength(1);
  });

  test('a second visit shows what is there, and changes it in place of making another', async () => {
    const { page } = panel;
    const before = await stored();
    await panel.goTo(WEBHOOKS);
    await page.getByRole('link', { name: 'Quick setup' }).click();
    await endpoint('Content').waitFor();
    expect(await endpoint('Content').inputValue()).toBe(receiver.url('/content'));
    expect(await endpoint('Replication').inputValue()).toBe(receiver.url('/replications'));
    await section('Screens').getByText('Authorization and signature: in use').waitFor();
    await panel.picture('quick-setup-saved');
    await endpoint('Content').fill(receiver.url('/moved'));
    await section('Content').getByRole('button', { name: 'Test', exact: true }).click();
    await section('Content').getByText('Status 200').waitFor();
    await save().click();
    await page.getByText('Visual Experience Engine: Content is saved.').waitFor();
    const after = await stored();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after[0]).toMatchObject({ url: receiver.url('/moved'), events: ['entry.*', 'media.*'] });
    await writeArticle('Moved');
    await receiver.waitFor(2, { path: '/moved' });
  });

  test('one that is switched off is said to be', async () => {
    const [content] = await stored();
    await panel.app.request('POST', `/workflow-webhooks/webhooks/${content.id}/disable`);
    await panel.goTo(QUICK);
    await section('Content').getByText('This webhook is not enabled').waitFor();
    await section('Content')
      .getByRole('link', { name: /All settings/ })
      .click();
    await panel.page.waitForURL(new RegExp(`/webhooks/${content.id}$`));
  });

  test('who may only read sees the endpoints, and can change nothing', async () => {
    const reader = await panel.app.createAdmin([permissionUid('webhook.read')]);
    const page = await panel.loggedInAs(reader.email, reader.password);
    await page.goto(`${panel.app.url}/admin${QUICK}`);
    const content = page.getByRole('region', { name: 'Content', exact: true });
    await content.waitFor();
    expect(await content.getByLabel('Endpoint', { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Test', exact: true }).count()).toBe(0);
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
