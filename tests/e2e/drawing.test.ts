/** An administrator draws a workflow, sees it while drawing, and changes it safely while documents are in it. */
import { openPanel, type Panel } from './panel';

const WORKFLOWS = '/settings/workflow-webhooks/workflows';
const PAGE = 'api::page.page';

let panel: Panel;

beforeAll(async () => {
  panel = await openPanel({});
});
afterAll(() => panel.close());

describe('An administrator', () => {
  test('starts from a template, and sees states and commands as a picture', async () => {
    const { page } = panel;
    await panel.goTo(WORKFLOWS);
    await page.getByRole('link', { name: /Simple approval/ }).click();
    await page.getByRole('img', { name: /Draft --Submit--> In review/ }).waitFor();
  });

  test('is told at the field what is missing, then saves', async () => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Not saved: 1 problem/).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Page approval');
    await page.getByRole('combobox', { name: /Content types/ }).click();
    await page.getByRole('option', { name: 'Page', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Page approval is saved.').waitFor();
  });

  test('sees the picture follow every edit, and what cannot be reached marked in it', async () => {
    const { page } = panel;
    await page.getByRole('button', { name: 'Add a state' }).click();
    await page.keyboard.type('Legal check');
    await page.getByRole('img', { name: /Legal check \([^)]*Cannot be reached/ }).waitFor();
    await page.getByRole('button', { name: 'Remove Legal check' }).click();
    await page.getByRole('img', { name: /Legal check/ }).waitFor({ state: 'detached' });
  });

  test('says where the documents of a removed state go, and they go there', async () => {
    const { page, app } = panel;
    const made = await app.request('POST', `/content-manager/collection-types/${PAGE}`, {
      title: 'In the middle',
    });
    const place = `/workflow-webhooks/documents/${PAGE}/${made.body.data.documentId}`;
    expect((await app.request('POST', `${place}/commands/submit`, {})).status).toBe(200);
    await page.reload();
    await page.getByText('1 document is in this state').waitFor();
    await page.getByRole('button', { name: 'Remove In review' }).click();
    await page.getByRole('dialog').getByRole('combobox').click();
    await page.getByRole('option', { name: 'Draft' }).click();
    await page.getByRole('button', { name: 'Remove the state' }).click();
    await page.getByText(/1 document in In review moves? to Draft/).waitFor();
    await page.getByRole('button', { name: 'Remove Submit' }).click();
    await page.getByRole('button', { name: 'Remove Reject' }).click();
    const approve = page
      .locator('[id^="workflow-commands-"]')
      .filter({ hasText: 'Approve' })
      .first();
    await approve.getByRole('combobox', { name: 'From' }).click();
    await page.getByRole('option', { name: 'Draft' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Page approval is saved.').waitFor();
    const { body } = await app.request('GET', place);
    expect(body.data.state.key).toBe('draft');
  });

  test('and no page broke on the way', () => {
    expect(panel.complaints).toEqual([]);
  });
});
