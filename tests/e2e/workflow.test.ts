/** The way of an editor through a workflow, in a real browser on the built panel. */
import type { Page } from 'playwright-core';
import { startReceiver, type Receiver, type Step } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const ARTICLE = 'api::article.article';
const LIST = `/content-manager/collection-types/${ARTICLE}`;
const ENGLISH = '?plugins[i18n][locale]=en';

const EDITORIAL = {
  name: 'Editorial',
  contentTypes: [ARTICLE],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft', color: '#8e8ea9' },
    { key: 'review', name: 'In review', color: '#e6b400' },
    { key: 'online', name: 'Online', color: '#328048', final: true, onEnter: 'publish' },
  ],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'review', comment: 'none' },
    { key: 'approve', name: 'Approve', from: ['review'], to: 'online', comment: 'optional' },
    { key: 'reject', name: 'Reject', from: ['review'], to: 'draft', comment: 'required' },
  ],
};

const EDITOR = ['create', 'read', 'update', 'publish'].map((action) => ({
  action: `plugin::content-manager.explorer.${action}`,
  subject: ARTICLE,
  properties: {
    fields: ['title', 'slug', 'section', 'seo.metaTitle', 'seo.metaDescription'],
    locales: ['en'],
  },
}));

const saying = (body: object): Step => ({ status: 200, body: JSON.stringify(body) });
const YES = saying({ allowed: true });
const TOO_LOUD = 'The title must not shout.';
const TWO_REASONS = saying({
  allowed: false,
  message: 'Two things are wrong.',
  errors: [
    { path: 'title', message: TOO_LOUD },
    { path: 'seo.metaTitle', message: 'A meta title is needed.' },
  ],
});

let panel: Panel;
let receiver: Receiver;
/** The permissions of an editor who may publish, but not past a workflow. */
let page: Page;

const api = (path: string, body: object) => panel.api('POST', path, body);

const validation = (workflow: string, name: string, path: string) =>
  api('/webhooks', {
    ...{ kind: 'validation', name, url: receiver.url(path), workflow, command: 'approve' },
    timeout: 3000,
  });

const write = (title: string): Promise<string> =>
  panel.app.run(
    async (strapi, data) => {
      const document = await strapi
        .documents('api::article.article')
        .create({ data: { seo: { metaTitle: '' }, ...data }, locale: 'en' });
      return document.documentId;
    },
    { title },
  );

const isPublished = (documentId: string): Promise<boolean> =>
  panel.app.run(async (strapi, id) => {
    const document = await strapi
      .documents('api::article.article')
      .findOne({ documentId: id, locale: 'en', status: 'published' });
    return document !== null;
  }, documentId);

const goTo = (place: string) => page.goto(`${panel.app.url}/admin${place}${ENGLISH}`);
const workflowPanel = () => page.locator('aside').filter({ hasText: 'Workflow' });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const row = (title: string) => page.getByRole('row').filter({ hasText: title });

beforeAll(async () => {
  receiver = await startReceiver();
  panel = await openPanel({});
  const { id } = await api('/workflows', EDITORIAL);
  await validation(id, 'Style guide', '/style');
  await validation(id, 'Legal desk', '/legal');
  const editor = await panel.app.createAdmin(EDITOR);
  page = await panel.loggedInAs(editor.email, editor.password);
});

afterAll(async () => {
  await panel?.close();
  await receiver?.stop();
});

describe('An editor', () => {
  let documentId: string;

  test('is told what a new article will start as, before it is saved', async () => {
    await goTo(`${LIST}/create`);
    await workflowPanel().getByText('the initial state of the workflow Editorial').waitFor();
  });

  test('moves a saved article by a command', async () => {
    documentId = await write('LOUD');
    await goTo(`${LIST}/${documentId}`);
    await workflowPanel().getByText('Draft', { exact: true }).first().waitFor();
    await button('Submit').click();
    await page.getByText('“Submit” ran. The state is now In review.').waitFor();
    await button('Approve').waitFor();
  });

  test('cannot publish what is not through the workflow, nor sees a way past it', async () => {
    await button('Publish').click();
    await page.getByText(/cannot be published.*"In review"/).waitFor();
    expect(await isPublished(documentId)).toBe(false);
    expect(await button('More workflow actions').count()).toBe(0);
  });

  test('checks a command, and nothing has moved', async () => {
    receiver.on('/style').answer(TWO_REASONS);
    receiver.on('/legal').answer(YES);
    await button('Check').click();
    await page.getByRole('menuitem', { name: 'Check “Approve”' }).click();
    await workflowPanel().getByText('“Approve” would be refused now.').waitFor();
    const said = workflowPanel().getByRole('list', { name: '“Approve” would be refused now.' });
    expect(await said.innerText()).toMatch(/Style guide\s+Refused[\s\S]*Legal desk\s+Allowed/);
    const [request] = await receiver.waitFor(1, { path: '/style' });
    expect(JSON.parse(request?.body ?? '{}').data).toMatchObject({ dryRun: true });
    expect(await workflowPanel().getByText('In review', { exact: true }).count()).toBe(1);
  });

  test('is refused with two messages, one from an endpoint without an answer, and a marked field', async () => {
    receiver.on('/legal').answer('hang');
    await button('Approve').click();
    await dialog().getByRole('textbox', { name: 'Comment' }).fill('Please, before noon.');
    await dialog().getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Running the approval checks…').waitFor();
    expect(await button('Reject').isDisabled()).toBe(true);
    const refusal = workflowPanel().getByRole('alert');
    await refusal.getByText('“Approve” was refused.').waitFor();
    expect(await refusal.innerText()).toMatch(
      /Style guide\s+Refused\s+Two things are wrong\.[\s\S]*Legal desk\s+No answer\s+It did not answer/,
    );
    const title = page.getByRole('textbox', { name: /^title/ });
    await page.locator('form').getByText(TOO_LOUD).first().waitFor();
    const message = await title.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${message}"]`).innerText()).toBe(TOO_LOUD);
    expect(await isPublished(documentId)).toBe(false);
  });

  test('mends it, and must save before the next try', async () => {
    await page.getByRole('textbox', { name: /^title/ }).fill('Quiet');
    await workflowPanel().getByText('Save first: an action moves the saved document.').waitFor();
    expect(await button('Approve').isDisabled()).toBe(true);
    await button('Save').click();
    await page.getByText('Saved document').waitFor();
    await workflowPanel().getByText('Save first').waitFor({ state: 'detached' });
  });

  test('is allowed, and the article is published without a reload', async () => {
    receiver.on('/style').answer(saying({ allowed: true, warnings: ['Consider a picture.'] }));
    receiver.on('/legal').answer(YES);
    await button('Approve').click();
    const comment = dialog().getByRole('textbox', { name: 'Comment' });
    expect(await comment.inputValue()).toBe('Please, before noon.');
    await dialog().getByRole('button', { name: 'Approve' }).click();
    await page.getByText('“Approve” ran. The state is now Online.').waitFor();
    await workflowPanel().getByText('Consider a picture.').waitFor();
    expect(await isPublished(documentId)).toBe(true);
    const tab = page.getByRole('tab', { name: 'Published' });
    await tab.click();
    expect(await tab.getAttribute('aria-selected')).toBe('true');
    await page.getByRole('tab', { name: 'Draft' }).click();
  });

  test('reads in the history who did what, and what each endpoint said', async () => {
    const entries = workflowPanel().getByRole('list', { name: 'History' }).locator('> li');
    await entries.first().waitFor();
    expect(await entries.count()).toBe(3);
    expect(await entries.nth(0).innerText()).toMatch(/Approve\s+MOVED[\s\S]*In review → Online/i);
    expect(await entries.nth(1).innerText()).toMatch(/Approve\s+REFUSED[\s\S]*before noon/i);
    await entries.nth(1).getByRole('button', { name: '2 answers' }).click();
    await entries.nth(1).getByText('A meta title is needed.').waitFor();
  });

  test('is asked for a comment where the command needs one', async () => {
    documentId = await write('To be sent back');
    await goTo(`${LIST}/${documentId}`);
    await button('Submit').click();
    await button('Reject').click();
    await dialog().getByRole('button', { name: 'Reject' }).click();
    await dialog().getByText('Write a comment: this action needs one.').waitFor();
    await dialog().getByRole('textbox', { name: 'Comment' }).fill('Not yet.');
    await dialog().getByRole('button', { name: 'Reject' }).click();
    await page.getByText('“Reject” ran. The state is now Draft.').waitFor();
  });

  test('sees the states in the list, asked for at once, and narrows it to one of them', async () => {
    await write('Another one');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('documentIds=')) asked.push(request.url());
    });
    await goTo(LIST);
    await row('Quiet').getByText('Online').waitFor();
    await row('Another one').getByTitle('Draft').waitFor();
    expect(asked).toHaveLength(1);
    await page.getByRole('combobox', { name: 'Workflow state' }).click();
    await page.getByRole('option', { name: 'Draft' }).click();
    await row('Quiet').waitFor({ state: 'detached' });
    await row('Another one').waitFor();
    expect(page.url()).toContain('plugins[workflow-webhooks][workflowState]=draft');
    await button('Clear the filter Workflow state').click();
    await row('Quiet').waitFor();
  });

  test('runs one command on many articles, and sees what became of each', async () => {
    for (const title of ['Another one', 'To be sent back', 'Quiet'])
      await row(title).getByRole('checkbox').click();
    await button('Run a workflow action').click();
    await dialog().getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Submit' }).click();
    await dialog()
      .getByText(/can run on 2 of 3/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Submit' }).click();
    await dialog().getByText('3 of 3 done · 2 moved · 1 not possible in their state').waitFor();
    const results = dialog().getByRole('list', { name: 'Results' });
    expect(await results.innerText()).toMatch(/Quiet\s+Not possible in this state\s+Online/);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await row('Another one').getByText('In review').waitFor();
  });

  test('is told for each of many which was refused, and why', async () => {
    const loud = saying({ allowed: false, message: 'Too loud.' });
    receiver.on('/style').answer(({ body }) => (body.includes('To be sent back') ? loud : YES));
    for (const title of ['Another one', 'To be sent back'])
      await row(title).getByRole('checkbox').click();
    await button('Run a workflow action').click();
    await dialog().getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Approve' }).click();
    await dialog().getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText('2 of 2 done · 1 moved · 1 refused').waitFor();
    const results = dialog().getByRole('list', { name: 'Results' });
    expect(await results.innerText()).toMatch(/To be sent back\s+Refused[\s\S]*Too loud\./);
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await row('Another one').getByText('Online').waitFor();
  });
});

describe('An administrator', () => {
  beforeAll(() => {
    page = panel.page;
  });

  test('publishes past the workflow with a reason, which the history keeps', async () => {
    const documentId = await write('Urgent');
    await goTo(`${LIST}/${documentId}`);
    await button('More workflow actions').click();
    await page.getByRole('menuitem', { name: 'Publish without the workflow' }).click();
    await dialog().getByRole('button', { name: 'Publish' }).click();
    await dialog().getByText('Give a reason: it is recorded in the history.').waitFor();
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('Election night.');
    await dialog().getByRole('button', { name: 'Publish' }).click();
    const history = workflowPanel().getByRole('list', { name: 'History' });
    await history.getByText('Election night.').waitFor();
    expect(await history.innerText()).toMatch(/Published without the workflow\s+BYPASSED/i);
    expect(await isPublished(documentId)).toBe(true);
  });

  test.each([
    ['has no drafts', 'api::tag.tag', { name: 'plain' }],
    ['is published as ever, and validated by nobody', 'api::page.page', { title: 'plain' }],
  ])('sees no panel on a type that %s', async (_what, uid, data) => {
    const documentId = await panel.app.run(
      async (strapi, wanted) => (await strapi.documents(wanted.uid).create(wanted)).documentId,
      { uid, data },
    );
    const answered = page.waitForResponse((answer) =>
      answer.url().includes('/documents/api%3A%3A'),
    );
    await goTo(`/content-manager/collection-types/${uid}/${documentId}`);
    await answered;
    await button('Save').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await workflowPanel().count()).toBe(0);
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
