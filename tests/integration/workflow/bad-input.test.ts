/** Commands and webhooks that are impossible or not permitted are refused with the reason and a solution. */
import { permissionUid } from '../../../server/contract/names';
import type { WebhookInput } from '../../../server/contract/webhook';
import type { Workflow, WorkflowInput } from '../../../server/contract/workflow';
import type { PermissionInput } from '../../support/strapi';
import { pluginApi, problemsOf, type PluginApi } from '../api/plugin-api';
import { APPROVAL, ARTICLE, PAGE, Scene } from './scene';

const NOTICE = 'api::notice.notice';
const COMMANDS = APPROVAL.commands ?? [];

let scene: Scene;
let api: PluginApi;
let workflow: Workflow;

beforeAll(async () => {
  scene = await Scene.start();
  api = pluginApi(scene.app);
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow();
});
afterEach(() => scene.clear());

const explorer = (action: string, subject = PAGE): PermissionInput => ({
  action: `plugin::content-manager.explorer.${action}`,
  subject,
});
const changed = (changes: Partial<WorkflowInput>) =>
  api.put(`/workflows/${workflow.id}`, { ...APPROVAL, ...changes });

describe('A command is refused', () => {
  test('that the workflow does not have, or not from here, with those that it has', async () => {
    const documentId = await scene.draft();
    const unknown = await scene.run({ documentId }, 'fly');
    expect(unknown.body.error.message).toBe(
      'The workflow "Approval" has no command "fly". From there: "Submit".',
    );
    expect(Object.keys(problemsOf(unknown))).toEqual(['command']);
    const early = await scene.run({ documentId }, 'approve', { comment: 'Good.' });
    expect(early.status).toBe(400);
    expect(early.body.error.message).toBe(
      '"Approve" does not start from "Draft", where this document is now. From there: "Submit".',
    );
    expect((await scene.view({ documentId })).history).toEqual([]);
  });

  test('without the comment that it needs, and with one that it does not take', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit');
    for (const comment of [undefined, null, '', ' \n '])
      expect(problemsOf(await scene.run({ documentId }, 'approve', { comment }))).toEqual({
        comment: 'This command needs a comment.',
      });
    await scene.runAll({ documentId }, 'approve');
    expect(problemsOf(await scene.run({ documentId }, 'publish', { comment: 'Hm' }))).toEqual({
      comment: 'This command takes no comment.',
    });
    expect((await scene.run({ documentId }, 'publish', { comment: '  ' })).status).toBe(200);
  });

  test.each<[string, object, string]>([
    ['of more than 5,000 characters', { comment: 'x'.repeat(5001) }, 'comment'],
    ['that is no text', { comment: 7 }, 'comment'],
    ['with a NUL in it', { comment: 'a\0b' }, 'comment'],
    ['beside a dry run that is neither true nor false', { dryRun: 'yes' }, 'dryRun'],
    ['beside something that is misspelt', { coment: 'x' }, ''],
  ])('with a comment %s', async (_what, body, place) => {
    const documentId = await scene.draft();
    expect(Object.keys(problemsOf(await scene.run({ documentId }, 'submit', body)))).toEqual([
      place,
    ]);
    expect(await scene.state({ documentId })).toBe('draft');
  });

  test('to whose role is not among its own, but never to a super admin', async () => {
    await changed({
      commands: COMMANDS.map((command) =>
        command.key === 'approve' ? { ...command, roles: ['strapi-editor'] } : command,
      ),
    });
    const writer = await scene.app.createAdmin([explorer('read'), explorer('update')]);
    const editor = await scene.app.createAdmin('strapi-editor');
    const comment = { comment: 'Good.' };
    const [one, other] = [await scene.draft(), await scene.draft()];
    for (const documentId of [one, other])
      expect((await scene.run({ documentId }, 'submit', {}, writer)).status).toBe(200);
    const refused = await scene.run({ documentId: one }, 'approve', comment, writer);
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toMatch(/Your role may not run "Approve"\. Ask someone/);
    const seen = await writer.request('GET', `/workflow-webhooks/documents/${PAGE}/${one}`);
    expect(seen.body.data.commands.map(({ key }: { key: string }) => key)).toEqual(['reject']);
    expect((await scene.run({ documentId: one }, 'approve', comment, editor)).status).toBe(200);
    expect((await scene.run({ documentId: other }, 'approve', comment)).status).toBe(200);
  });

  test('to users who may not edit the document, and its state is hidden from users who may not read it', async () => {
    const documentId = await scene.draft();
    const reader = await scene.app.createAdmin([explorer('read')]);
    const stranger = await scene.app.createAdmin([explorer('read', ARTICLE)]);
    const refused = await scene.run({ documentId }, 'submit', {}, reader);
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toMatch(/You may not edit this document/);
    const look = (by: typeof reader, path: string) =>
      by.request('GET', `/workflow-webhooks/documents/${PAGE}${path}`);
    expect((await look(reader, `/${documentId}`)).body.data).toMatchObject({
      state: { key: 'draft' },
      commands: [],
      mayBypass: false,
    });
    for (const path of [`/${documentId}`, `?documentIds=${documentId}`])
      expect(await look(stranger, path)).toMatchObject({ status: 403, body: { data: null } });
  });

  test('where the permission is for another locale', async () => {
    await changed({ contentTypes: [ARTICLE] });
    const french = await scene.app.createAdmin([
      { ...explorer('read', ARTICLE), properties: { locales: ['fr'] } },
      { ...explorer('update', ARTICLE), properties: { locales: ['fr'] } },
    ]);
    for (const [locale, status] of [
      ['en', 403],
      ['fr', 200],
    ] as const) {
      const documentId = await scene.draft({}, ARTICLE, locale);
      const place = { uid: ARTICLE, documentId, locale };
      expect((await scene.run(place, 'submit', {}, french)).status).toBe(status);
    }
  });

  test('of the publication workflow, where the permission to publish does not hold for this document', async () => {
    await changed({ contentTypes: [ARTICLE] });
    const author = await scene.app.createAdmin([
      explorer('read'),
      explorer('create'),
      explorer('update'),
      { ...explorer('publish'), conditions: ['admin::is-creator'] },
    ]);
    const foreign = await scene.draft();
    const refused = await scene.run({ documentId: foreign }, 'publish', {}, author);
    expect(refused.status).toBe(403);
    expect(await scene.published({ documentId: foreign })).toBeNull();
    const made = await author.request('POST', `/content-manager/collection-types/${PAGE}`, {
      title: 'My own',
    });
    const { documentId } = made.body.data;
    expect((await scene.run({ documentId }, 'publish', {}, author)).status).toBe(200);
    expect(await scene.published({ documentId })).toBe('My own');
  });

  test('of a missing document, locale or content type, or of a type without documents', async () => {
    await changed({ contentTypes: [PAGE, ARTICLE] });
    const english = await scene.draft({}, ARTICLE, 'en');
    for (const [path, query] of [
      [`${PAGE}/nobody`, ''],
      [`${ARTICLE}/${english}`, '?locale=xx'],
      ['api::nothing.nothing/nobody', ''],
      ['admin::user/1', ''],
      ['plugin::workflow-webhooks.webhook/nobody', ''],
    ]) {
      expect((await api.get(`/documents/${path}${query}`)).status).toBe(404);
      const ran = await api.post(`/documents/${path}/commands/submit${query}`, {});
      expect([path, ran.status, ran.body.error.name]).toEqual([path, 404, 'NotFoundError']);
    }
  });

  test('of documents that have no workflow, not even that of publication', async () => {
    const documentId = await scene.draft({}, NOTICE);
    expect(await scene.view({ uid: NOTICE, documentId })).toMatchObject({ workflow: null });
    const { status, body } = await scene.run({ uid: NOTICE, documentId }, 'publish');
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/have no workflow\. Add the content type to one/);
  });

  test('by nobody where a state is gone: its documents count as in the initial one', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit');
    await scene.app.run(async (strapi, document) => {
      await strapi.db
        .query('plugin::workflow-webhooks.document-state')
        .update({ where: { document }, data: { state: 'vanished' } });
    }, documentId);
    expect(await scene.state({ documentId })).toBe('draft');
    await scene.runAll({ documentId }, 'submit');
    expect(await scene.state({ documentId })).toBe('review');
  });
});

describe('Past the workflow', () => {
  test('no user may bypass without a reason, from a final state, or without the right to publish', async () => {
    const documentId = await scene.draft();
    const path = `/documents/${PAGE}/${documentId}/bypass`;
    for (const body of [{}, { comment: '  ' }])
      expect(problemsOf(await api.post(path, body))).toHaveProperty('comment');
    const helper = await scene.app.createAdmin([
      explorer('read'),
      explorer('update'),
      permissionUid('workflow.bypass'),
    ]);
    const refused = await helper.request('POST', `/workflow-webhooks${path}`, { comment: 'Now.' });
    expect(refused.status).toBe(403);
    await scene.runAll({ documentId }, 'submit', 'approve');
    const late = await api.post(path, { comment: 'Now.' });
    expect(late.body.error.message).toMatch(/in the final state "Approved" already/);
  });
});

describe('A webhook on a workflow is refused', () => {
  const hook = (wish: Partial<WebhookInput>) =>
    api.post('/webhooks', {
      kind: 'validation',
      name: 'Hook',
      url: scene.receiver.url('/check'),
      workflow: workflow.id,
      command: 'submit',
      ...wish,
    });

  test.each<[string, Partial<WebhookInput>, [place: string, message: RegExp]]>([
    ['workflow', { workflow: 'nothing' }, ['workflow', /no such workflow/]],
    ['workflow named', { workflow: null }, ['workflow', /Choose a workflow/]],
    ['such command', { command: 'fly' }, ['command', /"Approval" has no command "fly"/]],
    ['command named', { command: null }, ['command', /Choose the command/]],
    ['state for a validation', { state: 'draft' }, ['state', /belongs to a command/]],
    ['such state', { kind: 'submit', command: null, state: 'sky' }, ['state', /no state "sky"/]],
    ['choice between two', { kind: 'submit', state: 'draft' }, ['command', /either a state or a/]],
    ['events for it', { events: ['entry.create'] }, ['events', /Only an event webhook/]],
    ['timeout of an hour', { timeout: 3_600_000 }, ['timeout', /At most 60,000/]],
    ['workflow for events', { kind: 'event', command: null }, ['workflow', /to no workflow/]],
  ])('with no %s', async (_what, wish, [place, message]) => {
    expect(problemsOf(await hook(wish))[place]).toMatch(message);
  });

  test('for content types that the workflow does not govern', async () => {
    expect(problemsOf(await hook({ contentTypes: [PAGE, ARTICLE] }))).toEqual({
      'contentTypes.1': expect.stringMatching(/does not govern "api::article.article"/),
    });
    const publication = { workflow: 'publication', command: 'publish' };
    expect(problemsOf(await hook({ ...publication, contentTypes: [PAGE] }))).toEqual({
      'contentTypes.0': expect.stringMatching(/"Publication" does not govern "api::page.page"/),
    });
    expect((await hook({ ...publication, contentTypes: [ARTICLE] })).status).toBe(201);
  });

  test('that would become another kind', async () => {
    const { id } = (await hook({})).body.data;
    const input = { kind: 'submit', name: 'Hook', url: scene.receiver.url('/check') };
    const bound = { workflow: workflow.id, command: 'submit' };
    expect(problemsOf(await api.put(`/webhooks/${id}`, { ...input, ...bound }))).toEqual({
      kind: expect.stringMatching(/keeps its kind/),
    });
  });
});
