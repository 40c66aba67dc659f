/** Types without a workflow: the buttons of the content manager run validations before they publish, unpublish or discard. */
import { CM, PublicationScene } from './publication-scene';
import { HOMEPAGE, no, PAGE, answering, YES } from './scene';

let scene: PublicationScene;

beforeAll(async () => {
  scene = await PublicationScene.start();
});
afterAll(() => scene?.stop());
afterEach(() => scene.clear());

describe('The Publish button', () => {
  test('asks about the form as it would be saved, and saves nothing where it is refused', async () => {
    await scene.validate();
    scene.answerWith(
      answering({
        allowed: false,
        message: 'No.',
        errors: [{ path: 'title', message: 'Too bold.' }],
      }),
    );
    const documentId = await scene.draft({ title: 'Stored', path: '/stored' });
    const { status, body } = await scene.click('publish', { documentId }, { title: 'Unsaved!' });
    expect(status).toBe(400);
    expect(body.error.message).toBe('check: No.');
    expect(body.error.details.errors).toContainEqual({
      path: ['title'],
      message: 'Too bold.',
      name: 'ValidationError',
    });
    expect(scene.received()).toMatchObject([
      {
        documentId,
        entry: { title: 'Unsaved!', path: '/stored' },
        workflow: { id: 'publication', name: 'Publication' },
        command: { key: 'publish' },
        from: { key: 'draft' },
        to: { key: 'published' },
      },
    ]);
    expect(await scene.titles({ documentId })).toEqual(['Stored', null]);
    expect(await scene.outcomes({ documentId })).toEqual(['refused publish']);
  });

  test('saves and publishes what it asked about, and asks once', async () => {
    const documentId = await scene.publishedPage('Before');
    await scene.validate();
    scene.answerWith(YES);
    expect((await scene.click('publish', { documentId }, { title: 'After' })).status).toBe(200);
    expect(scene.received()).toMatchObject([
      { from: { key: 'published' }, changes: [{ field: 'title', from: 'Before', to: 'After' }] },
    ]);
    expect(await scene.titles({ documentId })).toEqual(['After', 'After']);
    expect(await scene.outcomes({ documentId })).toEqual(['moved publish']);
  });

  test('is the only way to publish what is validated: strapi.db.query may not', async () => {
    const documentId = await scene.draft();
    const byQuery = () =>
      scene.app.run(
        async (strapi, { uid, ...where }) => {
          const data = { publishedAt: 0 };
          const row = await strapi.db.query(uid).update({ where, data });
          return row.publishedAt !== null;
        },
        { uid: PAGE, documentId },
      );
    const webhook = await scene.validate();
    await expect(byQuery()).rejects.toThrow(/are validated before they are published/);
    expect(await scene.published({ documentId })).toBeNull();
    await scene.stage.changeWebhook(webhook, { mode: 'warn' });
    expect(await byQuery()).toBe(true);
  });

  test('of a new document is validated before the document exists', async () => {
    await scene.validate();
    scene.refuseTitles('Bad');
    const create = (title: string) =>
      scene.app.request('POST', `${CM}/${PAGE}/actions/publish`, { title });
    const count = () => scene.app.run((strapi, uid) => strapi.db.query(uid).count(), PAGE);
    const before = await count();
    expect((await create('Bad start')).body.error.message).toBe('check: Not "Bad start".');
    expect(await count()).toBe(before);
    const { status, body } = await create('Good start');
    expect(status).toBe(200);
    expect(scene.received()).toMatchObject([
      { documentId: null, entry: { title: 'Bad start' } },
      { documentId: null, entry: { title: 'Good start' } },
    ]);
    const { documentId } = body.data;
    expect(await scene.titles({ documentId })).toEqual(['Good start', 'Good start']);
    expect(await scene.outcomes({ documentId })).toEqual(['moved publish']);
  });

  test('of a single type is validated in the same way', async () => {
    await scene.validate();
    scene.refuseTitles('Bad');
    const publish = (title: string) =>
      scene.app.request('POST', `/content-manager/single-types/${HOMEPAGE}/actions/publish`, {
        title,
      });
    expect((await publish('Good home')).status).toBe(200);
    expect((await publish('Bad home')).body.error.message).toBe('check: Not "Bad home".');
    const documentId = scene.received()[1].documentId;
    expect(await scene.titles({ uid: HOMEPAGE, documentId })).toEqual(['Good home', 'Good home']);
    expect(await scene.outcomes({ uid: HOMEPAGE, documentId })).toEqual([
      'refused publish',
      'moved publish',
    ]);
  });

  test('asks about what will be published, not about what the editor may not save', async () => {
    await scene.validate();
    scene.refuseTitles('Bad');
    const permission = (action: string, more: object = {}) => ({
      action: `plugin::content-manager.explorer.${action}`,
      subject: PAGE,
      ...more,
    });
    const ofPath = await scene.app.createAdmin([
      permission('read'),
      permission('publish'),
      permission('update', { properties: { fields: ['path'] } }),
    ]);
    const ofOwn = await scene.app.createAdmin([
      permission('read'),
      permission('publish'),
      permission('update', { conditions: ['admin::is-creator'] }),
    ]);
    for (const editor of [ofPath, ofOwn]) {
      const documentId = await scene.draft({ title: 'Bad as stored' });
      const path = `${CM}/${PAGE}/${documentId}/actions/publish`;
      const { status, body } = await editor.request('POST', path, { title: 'Good', path: '/x' });
      expect({ status, message: body.error?.message }).toEqual({
        status: 400,
        message: 'check: Not "Bad as stored".',
      });
      expect(await scene.titles({ documentId })).toEqual(['Bad as stored', null]);
    }
  });

  test('makes only its editor wait, and notices saves meanwhile', async () => {
    await scene.validate();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    scene.answerWith(async () => {
      await held;
      return YES;
    });
    const documentId = await scene.draft({ title: 'Asked about' });
    const other = await scene.draft();
    const publishing = scene.click('publish', { documentId }, { title: 'Asked about' });
    await scene.receiver.waitFor(1, { path: '/check' });
    const save = (id: string, title: string) =>
      scene.app.request('PUT', `${CM}/${PAGE}/${id}`, { title });
    // SQLite has one connection: inside Strapi's transaction, these would wait for the endpoint.
    expect((await save(other, 'Saved meanwhile')).status).toBe(200);
    expect((await save(documentId, 'Slipped in')).status).toBe(200);
    release();
    const { status, body } = await publishing;
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/changed while it was being checked/);
    expect(await scene.titles({ documentId })).toEqual(['Slipped in', null]);
    expect(await scene.titles({ documentId: other })).toEqual(['Saved meanwhile', null]);
  });
});

describe('Many at once', () => {
  test('are published together or not at all, and each refusal names its document', async () => {
    await scene.validate();
    scene.refuseTitles('Bad');
    const ids = [
      await scene.draft({ title: 'Good one' }),
      await scene.draft({ title: 'Bad one' }),
      await scene.draft({ title: 'Bad two' }),
    ];
    const { status, body } = await scene.clickMany('bulkPublish', ids);
    expect(status).toBe(400);
    expect(body.error.message).toBe(
      '"Bad one": check: Not "Bad one". "Bad two": check: Not "Bad two".',
    );
    expect(body.error.details.verdicts).toHaveLength(2);
    for (const documentId of ids) expect(await scene.published({ documentId })).toBeNull();
    const [good = '', bad = ''] = ids;
    expect(await scene.outcomes({ documentId: good })).toEqual([]);
    expect(await scene.outcomes({ documentId: bad })).toEqual(['refused publish']);
    scene.receiver.requests.length = 0;
    scene.answerWith(YES);
    expect((await scene.clickMany('bulkPublish', ids)).body).toEqual({ count: 3 });
    expect(scene.received()).toHaveLength(3);
    expect(await scene.outcomes({ documentId: bad })).toEqual(['moved publish', 'refused publish']);
  });

  test('are unpublished only as asked, and what is not published is not asked about', async () => {
    const ids = [
      await scene.publishedPage('Stays'),
      await scene.publishedPage('Goes'),
      await scene.draft({ title: 'Never out' }),
    ];
    await scene.validate('unpublish');
    scene.refuseTitles('Stays');
    const { status, body } = await scene.clickMany('bulkUnpublish', ids);
    expect(status).toBe(400);
    expect(body.error.message).toBe('check: Not "Stays".');
    expect(await scene.published({ documentId: ids[1]! })).toBe('Goes');
    expect((await scene.clickMany('bulkUnpublish', ids.slice(1))).status).toBe(200);
    expect(await scene.published({ documentId: ids[1]! })).toBeNull();
    expect(scene.received().map(({ entry }) => entry.title)).not.toContain('Never out');
    expect(await scene.outcomes({ documentId: ids[2]! })).toEqual([]);
  });

  test('share one time budget for all endpoints', async () => {
    await scene.validate('publish', { timeout: 60_000 });
    scene.answerWith('hang');
    // More endpoints than are called side by side.
    const ids: string[] = [];
    while (ids.length < 34) ids.push(await scene.draft({ title: `Page ${ids.length}` }));
    const { status, body } = await scene.clickMany('bulkPublish', ids);
    expect(status).toBe(400);
    const messages: string[] = body.error.details.verdicts.map(
      ({ message }: { message: string }) => message,
    );
    expect(messages).toHaveLength(34);
    expect(messages.filter((message) => /did not answer within/.test(message))).toHaveLength(32);
    expect(messages.filter((message) => /no time left to ask it/.test(message))).toHaveLength(2);
  });
});

describe('Unpublishing and discarding', () => {
  test('are asked about too, each as what it is', async () => {
    const documentId = await scene.publishedPage('Public');
    await scene.validate('unpublish');
    await scene.validate('discard', { path: '/discard' });
    scene.answerWith(no('Keep it out.'));
    scene.receiver.on('/discard').answer(no('Keep it.'));
    await scene.edit({ documentId }, { title: 'Edited' });
    const unpublish = await scene.click('unpublish', { documentId });
    expect(unpublish.body.error.message).toBe('check: Keep it out.');
    const discard = await scene.click('discard', { documentId });
    expect(discard.body.error.message).toBe('discard: Keep it.');
    expect(scene.received()).toMatchObject([
      { entry: { title: 'Public' }, from: { key: 'published' }, to: { key: 'draft' } },
    ]);
    expect(await scene.titles({ documentId })).toEqual(['Edited', 'Public']);
    scene.answerWith(YES);
    scene.receiver.on('/discard').answer(YES);
    expect((await scene.click('discard', { documentId })).status).toBe(200);
    expect(await scene.titles({ documentId })).toEqual(['Public', 'Public']);
    expect((await scene.click('unpublish', { documentId })).status).toBe(200);
    expect(await scene.titles({ documentId })).toEqual(['Public', null]);
    expect(await scene.outcomes({ documentId })).toEqual([
      'moved unpublish',
      'moved discard',
      'refused discard',
      'refused unpublish',
    ]);
  });

  test('go together with one click', async () => {
    const documentId = await scene.publishedPage('Public');
    await scene.validate('unpublish');
    await scene.validate('discard', { path: '/discard' });
    scene.answerWith(YES);
    scene.receiver.on('/discard').answer(YES);
    await scene.edit({ documentId }, { title: 'Edited' });
    const { status } = await scene.click('unpublish', { documentId }, { discardDraft: true });
    expect(status).toBe(200);
    expect(await scene.titles({ documentId })).toEqual(['Public', null]);
    expect(await scene.outcomes({ documentId })).toEqual(['moved unpublish', 'moved discard']);
  });
});
