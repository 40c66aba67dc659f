/** The gate: a document in no final state cannot be published from anywhere. */
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
    await scene.runAll({ documentId: ready }, 'submit', 'approve');
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
    expect(created.body.error.details.code).toBe('document-new-not-final');
    const documentId = await scene.draft();
    const updated = await scene.app.contentApi('PUT', `/pages/${documentId}`, {
      data: { title: 'Changed' },
    });
    expect(updated.status).toBe(400);
    expect(updated.body.error.message).toMatch(REFUSAL);
    expect(updated.body.error.details.code).toBe('document-not-final');
    const draft = await scene.app.contentApi('PUT', `/pages/${documentId}?status=draft`, {
      data: { title: 'Changed' },
    });
    expect(draft.status).toBe(200);
  });

  test('by code', async () => {
    const documentId = await scene.draft();
    expect(await codePublishes(documentId)).toMatch(REFUSAL);
  });
});

/** The message with which code inside Strapi was refused; empty if it was not refused. */
const refusalOf = <A>(work: (strapi: any, args: A) => Promise<void>, args: A): Promise<string> =>
  scene.app.run(work, args).then(
    () => '',
    (error: Error) => error.message,
  );

const PAST = /publishedAt.*may not be written/;

describe('Rows that project code writes are not published past the workflow', () => {
  const publishedPages = () =>
    scene.app.run(
      (strapi, uid) => strapi.db.query(uid).count({ where: { publishedAt: { $notNull: true } } }),
      PAGE,
    );
  let publishedBefore: number;
  beforeEach(async () => {
    publishedBefore = await publishedPages();
  });
  afterEach(async () => expect(await publishedPages()).toBe(publishedBefore));

  test.each([0, 1, -1, 1_700_000_000_000, '0', '2026-01-01', '2026-01-01T00:00:00.000Z', 'a Date'])(
    'with publishedAt: %p',
    async (publishedAt) => {
      const documentId = await scene.draft();
      const data = { publishedAt };
      for (const write of ['update', 'updateMany', 'create', 'createMany'])
        expect(
          await refusalOf(
            async (strapi, args) => {
              const given = args.data.publishedAt;
              const row = { publishedAt: given === 'a Date' ? new Date() : given };
              const { documentId: id } = args;
              const isNew = args.write.startsWith('create');
              const whole = isNew ? { ...row, documentId: id, title: 'Slipped in' } : row;
              await strapi.db.query(args.uid)[args.write]({
                where: { documentId: id },
                data:
                  args.write === 'createMany'
                    ? [{ title: 'A draft', publishedAt: null }, whole]
                    : whole,
              });
            },
            { uid: PAGE, documentId, data, write },
          ),
        ).toMatch(PAST);
    },
  );

  test('by creating them without publishedAt, which Strapi then sets', async () => {
    for (const write of ['create', 'createMany'])
      expect(
        await refusalOf(
          async (strapi, args) => {
            const row = { title: 'Slipped in' };
            const data = args.write === 'create' ? row : [row];
            await strapi.db.query(args.uid)[args.write]({ data });
          },
          { uid: PAGE, write },
        ),
      ).toMatch(PAST);
    const draft = { title: 'A draft', publishedAt: null };
    expect(
      await refusalOf(
        async (strapi, { uid, data }) => {
          await strapi.db.query(uid).create({ data });
        },
        { uid: PAGE, data: draft },
      ),
    ).toBe('');
  });

  test('by the entity manager, and by cloning a document', async () => {
    const documentId = await scene.draft();
    const managed = refusalOf(
      async (strapi, { uid, ...where }) => {
        await strapi.db.entityManager.update(uid, { where, data: { publishedAt: 0 } });
      },
      { uid: PAGE, documentId },
    );
    expect(await managed).toMatch(PAST);
    const cloned = refusalOf(
      async (strapi, { uid, ...which }) => {
        await strapi.documents(uid).clone({ ...which, data: { publishedAt: 0 } });
      },
      { uid: PAGE, documentId },
    );
    expect(await cloned).toMatch(PAST);
  });

  /** Runs once, when a row of `uid` is written: as a lifecycle of the project. */
  const inLifecycle = (
    uid: string,
    action: string,
    { write, where }: { write: string; where: object },
  ) =>
    scene.app.run(
      (strapi, args) => {
        let isDone = false;
        strapi.db.lifecycles.subscribe({
          models: [args.uid],
          [args.action]: async () => {
            if (isDone) return;
            isDone = true;
            const data = { publishedAt: new Date() };
            await strapi.db.query(args.page)[args.write]({ where: args.where, data });
          },
        });
      },
      { uid, action, write, where, page: PAGE },
    );

  test('in a lifecycle, while a document of another type is saved', async () => {
    const documentId = await scene.draft();
    await inLifecycle(ARTICLE, 'afterUpdate', { write: 'update', where: { documentId } });
    const article = await scene.draft({ title: 'Other' }, ARTICLE);
    const saved = scene.edit({ uid: ARTICLE, documentId: article }, { title: 'Saved' });
    await expect(saved).rejects.toThrow(PAST);
  });

  test('in a lifecycle, while another document of the type is published', async () => {
    const held = await scene.draft({ title: 'Held' });
    const free = await scene.draft({ title: 'Free' });
    await scene.runAll({ documentId: free }, 'submit', 'approve');
    await inLifecycle(PAGE, 'afterCreate', { write: 'updateMany', where: { documentId: held } });
    expect(await codePublishes(free)).toMatch(PAST);
    expect(await codePublishes(free)).toBe('');
    await scene.app.run((strapi, args) => strapi.documents(args.uid).unpublish(args), {
      uid: PAGE,
      documentId: free,
    });
  });

  test('in a lifecycle that adds publishedAt to the save of a draft', async () => {
    const documentId = await scene.draft();
    const setLifecycle = (isThere: boolean) =>
      scene.app.run(
        (strapi, args) => {
          strapi.db.metadata.get(args.uid).lifecycles = args.isThere
            ? {
                beforeUpdate: ({ params }: any) => {
                  params.data.publishedAt = new Date();
                },
              }
            : {};
        },
        { uid: PAGE, isThere },
      );
    await setLifecycle(true);
    try {
      await expect(scene.edit({ documentId }, { title: 'Saved' })).rejects.toThrow(PAST);
      const { body } = await scene.app.contentApi('PUT', `/pages/${documentId}?status=draft`, {
        data: { title: 'Saved' },
      });
      expect(body.error.details.code).toBe('published-by-query');
    } finally {
      await setLifecycle(false);
    }
  });
});

test('a lifecycle may set the date of the version that is being published', async () => {
  const documentId = await scene.draft();
  await scene.runAll({ documentId }, 'submit', 'approve');
  const publishedAt = await scene.app.run(
    async (strapi, args) => {
      let isDone = false;
      strapi.db.lifecycles.subscribe({
        models: [args.uid],
        afterCreate: async ({ result }: any) => {
          if (isDone) return;
          isDone = true;
          const data = { publishedAt: '2020-02-02T00:00:00.000Z' };
          await strapi.db.query(args.uid).update({ where: { id: result.id }, data });
        },
      });
      await strapi.documents(args.uid).publish({ documentId: args.documentId });
      const found = await strapi.documents(args.uid).findOne({ ...args, status: 'published' });
      return found.publishedAt;
    },
    { uid: PAGE, documentId },
  );
  expect(publishedAt).toBe('2020-02-02T00:00:00.000Z');
});

test('a document is created and published at once where the workflow starts in a final state', async () => {
  await scene.clear();
  const states = [{ key: 'live', name: 'Live', color: '#328048', final: true }];
  await scene.makeWorkflow({ states, initialState: 'live', commands: [] });
  const title = await scene.app.run(async (strapi, uid) => {
    const data = { title: 'At once' };
    const { documentId } = await strapi.documents(uid).create({ data, status: 'published' });
    const { title: shown } = await strapi
      .documents(uid)
      .findOne({ documentId, status: 'published' });
    return shown;
  }, PAGE);
  expect(title).toBe('At once');
});

describe('A document in a final state', () => {
  test('is published by the usual ways', async () => {
    const documentId = await scene.draft({ title: 'Free' });
    await scene.runAll({ documentId }, 'submit', 'approve');
    const { status } = await scene.app.request('POST', `${CM}/${documentId}/actions/publish`, {
      title: 'Free',
    });
    expect(status).toBe(200);
    expect(await scene.published({ documentId })).toBe('Free');
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('goes back to the initial state when it is edited, and its history says so', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
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
    await scene.runAll({ documentId }, 'submit', 'approve');
    await scene.edit({ documentId }, { title: 'Same' });
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('is not published with an edit on top, neither by the content manager nor by REST', async () => {
    const documentId = await scene.draft({ title: 'Approved' });
    await scene.runAll({ documentId }, 'submit', 'approve');
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
    await scene.runAll({ documentId }, 'submit', 'approve');
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
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
    await scene.edit({ documentId }, { title: 'Edited' });
    await scene.app.request('POST', `${CM}/${documentId}/actions/discard`, {});
    expect(await scene.state({ documentId })).toBe('published');
  });
});

describe('A document that is gone', () => {
  test('takes its state and history along', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit');
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
  await scene.runAll(place, 'submit', 'approve');
  await scene.app.request('DELETE', `/i18n/locales/${locale.id}`);
  await scene.app.request('POST', '/i18n/locales', {
    code: 'it',
    name: 'Italian (it)',
    isDefault: false,
  });
  await scene.edit(place, { title: 'Titolo' });
  expect(await scene.view(place)).toMatchObject({ state: { key: 'draft' }, history: [] });
});
