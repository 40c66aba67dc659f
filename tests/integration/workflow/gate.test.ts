/** No way around: what is not in a final state is not published, through whatever door. */
import type { Workflow } from '../../../server/contract/workflow';
import { ARTICLE, PAGE, Scene } from './scene';

const CM = `/content-manager/collection-types/${PAGE}`;

let scene: Scene;
let workflow: Workflow;

beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow();
});
afterEach(() => scene.clear());

const REFUSAL = /cannot be published: it is in the state "Draft".*Run "Submit" to lead it on/;

const codePublishes = (documentId: string) =>
  scene.app
    .run(
      async (strapi, args) => {
        await strapi.documents(args.uid).publish({ documentId: args.documentId });
        return '';
      },
      { uid: PAGE, documentId },
    )
    .catch((error: Error) => error.message);

describe('A document that is not in a final state is not published', () => {
  test('by the Publish button of the content manager', async () => {
    const documentId = await scene.draft({ title: 'Held' });
    const { status, body } = await scene.app.request(
      'POST',
      `${CM}/${documentId}/actions/publish`,
      { title: 'Held' },
    );
    expect(status).toBe(400);
    expect(body.error.message).toMatch(REFUSAL);
    expect(await scene.published({ documentId })).toBeNull();
  });

  test('by creating and publishing it in one click', async () => {
    const { status, body } = await scene.app.request('POST', `${CM}/actions/publish`, {
      title: 'At once',
    });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/"Draft".*Submit/);
  });

  test('by bulk publish, which then publishes none of them', async () => {
    const ready = await scene.draft({ title: 'Ready' });
    await scene.ran({ documentId: ready }, 'submit', 'approve');
    const held = await scene.draft({ title: 'Held' });
    const { status, body } = await scene.app.request('POST', `${CM}/actions/bulkPublish`, {
      documentIds: [ready, held],
    });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/"Held" cannot be published/);
    expect(await scene.published({ documentId: ready })).toBeNull();
  });

  test('by REST, which publishes by default', async () => {
    const created = await scene.app.contentApi('POST', '/pages', { data: { title: 'REST' } });
    expect(created.status).toBe(400);
    expect(created.body.error.message).toMatch(/status=draft/);
    const documentId = await scene.draft();
    const updated = await scene.app.contentApi('PUT', `/pages/${documentId}`, {
      data: { title: 'Changed' },
    });
    expect(updated.status).toBe(400);
    expect(updated.body.error.message).toMatch(REFUSAL);
    const draft = await scene.app.contentApi('PUT', `/pages/${documentId}?status=draft`, {
      data: { title: 'Changed' },
    });
    expect(draft.status).toBe(200);
  });

  test('by code', async () => {
    const documentId = await scene.draft();
    expect(await codePublishes(documentId)).toMatch(REFUSAL);
  });

  test('by code that writes rows past the document service', async () => {
    await scene.draft();
    const message = await scene.app
      .run(async (strapi, uid) => {
        await strapi.db
          .query(uid)
          .updateMany({ where: {}, data: { publishedAt: new Date().toISOString() } });
        return '';
      }, PAGE)
      .catch((error: Error) => error.message);
    expect(message).toMatch(/strapi\.db\.query may not write them as published/);
  });
});

describe('A document in a final state', () => {
  test('is published by the usual ways', async () => {
    const documentId = await scene.draft({ title: 'Free' });
    await scene.ran({ documentId }, 'submit', 'approve');
    const { status } = await scene.app.request('POST', `${CM}/${documentId}/actions/publish`, {
      title: 'Free',
    });
    expect(status).toBe(200);
    expect(await scene.published({ documentId })).toBe('Free');
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('goes back to the initial state when it is edited, and its history says so', async () => {
    const documentId = await scene.draft();
    await scene.ran({ documentId }, 'submit', 'approve', 'publish');
    await scene.edit({ documentId }, { title: 'Edited' });
    const { state, history } = await scene.view({ documentId });
    expect(state?.key).toBe('draft');
    expect(history[0]).toMatchObject({
      outcome: 'reset',
      command: null,
      from: 'published',
      to: 'draft',
    });
    expect(await scene.published({ documentId })).toBe('A page');
    expect(await codePublishes(documentId)).toMatch(REFUSAL);
  });

  test('keeps its state when a save changes nothing', async () => {
    const documentId = await scene.draft({ title: 'Same' });
    await scene.ran({ documentId }, 'submit', 'approve');
    await scene.edit({ documentId }, { title: 'Same' });
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('is not published with an edit on top, neither by the content manager nor by REST', async () => {
    const documentId = await scene.draft({ title: 'Approved' });
    await scene.ran({ documentId }, 'submit', 'approve');
    const clicked = await scene.app.request('POST', `${CM}/${documentId}/actions/publish`, {
      title: 'Slipped in',
    });
    expect(clicked.status).toBe(400);
    const put = await scene.app.contentApi('PUT', `/pages/${documentId}`, {
      data: { title: 'Slipped in' },
    });
    expect(put.status).toBe(400);
    expect(await scene.published({ documentId })).toBeNull();
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('is not published after a change that went past everything but the database', async () => {
    const documentId = await scene.draft({ title: 'Approved' });
    await scene.ran({ documentId }, 'submit', 'approve');
    await scene.app.run(
      async (strapi, args) => {
        await strapi.db
          .query(args.uid)
          .update({ where: { documentId: args.documentId }, data: { title: 'By hand' } });
      },
      { uid: PAGE, documentId },
    );
    expect(await codePublishes(documentId)).toMatch(REFUSAL);
    expect(await scene.state({ documentId })).toBe('draft');
  });

  test('that is discarded to what was approved is approved again', async () => {
    const documentId = await scene.draft({ title: 'Approved' });
    await scene.ran({ documentId }, 'submit', 'approve', 'publish');
    await scene.edit({ documentId }, { title: 'Edited' });
    await scene.app.request('POST', `${CM}/${documentId}/actions/discard`, {});
    expect(await scene.state({ documentId })).toBe('published');
  });
});

describe('Past the workflow', () => {
  const bypass = (documentId: string, by: Pick<Scene['app'], 'request'> = scene.app) =>
    by.request('POST', `/workflow-webhooks/documents/${PAGE}/${documentId}/bypass`, {
      comment: 'The minister waits.',
    });

  test('who has the permission publishes, and the history says who and why', async () => {
    const documentId = await scene.draft({ title: 'Urgent' });
    expect((await bypass(documentId)).status).toBe(200);
    expect(await scene.published({ documentId })).toBe('Urgent');
    const { state, history } = await scene.view({ documentId });
    expect(state).toMatchObject({ key: 'published', final: true });
    expect(history[0]).toMatchObject({ outcome: 'bypassed', comment: 'The minister waits.' });
  });

  test('nobody else does', async () => {
    const documentId = await scene.draft();
    const editor = await scene.app.createAdmin([
      ...['read', 'update', 'publish'].map((action) => ({
        action: `plugin::content-manager.explorer.${action}`,
        subject: PAGE,
      })),
    ]);
    const answer = await bypass(documentId, editor);
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toMatch(/may not publish past a workflow/);
    expect((await scene.view({ documentId })).history).toEqual([]);
  });
});

describe('A document that is gone', () => {
  test('takes its state and history along', async () => {
    const documentId = await scene.draft();
    await scene.ran({ documentId }, 'submit');
    await scene.app.request('DELETE', `${CM}/${documentId}`);
    const usage = (await scene.stage.api<Workflow>('GET', `/workflows/${workflow.id}`)).usage;
    expect(usage.documents).toEqual({});
  });
});

test('a locale that is deleted and comes back starts anew: nothing of it stays approved', async () => {
  await scene.clear();
  await scene.makeWorkflow({ contentTypes: [ARTICLE] });
  const { body: locale } = await scene.app.request('POST', '/i18n/locales', {
    code: 'it',
    name: 'Italian (it)',
    isDefault: false,
  });
  const documentId = await scene.draft({ title: 'Titolo' }, ARTICLE, 'it');
  const place = { uid: ARTICLE, documentId, locale: 'it' };
  await scene.edit({ uid: ARTICLE, documentId, locale: 'en' }, { title: 'Title' });
  await scene.ran(place, 'submit', 'approve');
  await scene.app.request('DELETE', `/i18n/locales/${locale.id}`);
  await scene.app.request('POST', '/i18n/locales', {
    code: 'it',
    name: 'Italian (it)',
    isDefault: false,
  });
  await scene.edit(place, { title: 'Titolo' });
  expect(await scene.view(place)).toMatchObject({ state: { key: 'draft' }, history: [] });
});
