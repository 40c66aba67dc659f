/** Types without a workflow: every other route to publication is validated too, and every validation and move is recorded. */
import { until } from '../delivery/stage';
import { CM, PublicationScene } from './publication-scene';
import { ARTICLE, no, PAGE, YES } from './scene';

/** Long enough to differ from the two seconds of a transaction, even on a busy machine. */
const BUDGET = 20_000;

let scene: PublicationScene;

beforeAll(async () => {
  scene = await PublicationScene.start({
    config: { validation: { budget: BUDGET, timeout: BUDGET } },
  });
});
afterAll(() => scene?.stop());
afterEach(() => scene.clear());

describe('Every other door', () => {
  test('is asked about: REST, which publishes by default', async () => {
    await scene.validate();
    scene.refuseTitles('Bad');
    const created = await scene.app.contentApi('POST', '/pages', { data: { title: 'Bad news' } });
    expect(created.body.error.message).toBe('check: Not "Bad news".');
    const made = await scene.app.contentApi('POST', '/pages', { data: { title: 'Good news' } });
    const { documentId } = made.body.data;
    const path = `/pages/${documentId}`;
    const put = await scene.app.contentApi('PUT', path, { data: { title: 'Bad edit' } });
    expect(put.body.error.message).toBe('check: Not "Bad edit".');
    expect(await scene.titles({ documentId })).toEqual(['Good news', 'Good news']);
    expect(await scene.outcomes({ documentId })).toEqual(['refused publish', 'moved publish']);
    const nobody = await scene.app.contentApi('PUT', '/pages/nobody', { data: { title: 'Good' } });
    expect(nobody.status).toBe(404);
    expect(scene.received().map(({ entry }) => entry.title)).toEqual([
      'Bad news',
      'Good news',
      'Bad edit',
    ]);
  });

  test('asks about a form as it will be saved: JSON and relations inside components included', async () => {
    await scene.validate('publish', { contentTypes: [ARTICLE], filter: null });
    scene.answerWith(YES);
    const target = await scene.publishedPage('Target');
    const data = {
      title: 'With components',
      seo: { settings: { id: 1, documentId: 'same' }, social: [{ network: 'a' }] },
      links: [
        { label: 'Old', target },
        { label: 'Kept', target },
      ],
    };
    const documentId = await scene.draft(data, ARTICLE, 'en');
    const place = { uid: ARTICLE, documentId, locale: 'en' };
    await scene.fromCode('publish', place);
    const form = (await scene.app.request('GET', `${CM}/${ARTICLE}/${documentId}?locale=en`)).body
      .data;
    const untouched = { connect: [], disconnect: [] };
    const [old, kept] = form.links;
    const body = {
      title: form.title,
      seo: { ...form.seo, settings: { id: 2, documentId: 'same' } },
      links: [
        { id: kept.id, label: 'Kept', target: untouched },
        { id: old.id, label: 'New', target: untouched },
      ],
    };
    expect((await scene.click('publish', place, body)).status).toBe(200);
    const { entry, changes } = scene.received().at(-1);
    const links = (...labels: string[]) =>
      labels.map((label) => ({ label, target: { documentId: target } }));
    expect(entry).toMatchObject({ links: links('Kept', 'New') });
    expect(changes).toMatchObject([
      { field: 'seo', from: { settings: { id: 1 } }, to: { settings: { id: 2 } } },
      { field: 'links', from: links('Old', 'Kept'), to: links('Kept', 'New') },
    ]);
  });

  test('is asked about: code, in each locale that it publishes', async () => {
    await scene.validate('publish', { contentTypes: [ARTICLE], filter: null });
    scene.refuseTitles('Mauvais');
    const documentId = await scene.draft({ title: 'Good' }, ARTICLE, 'en');
    const localized = (locale: string, title: string) =>
      scene.edit({ uid: ARTICLE, documentId, locale }, { title });
    await localized('fr', 'Mauvais');
    await localized('de', 'Gut');
    const all = { uid: ARTICLE, documentId, locale: '*' };
    expect(await scene.fromCode('publish', all)).toBe('check: Not "Mauvais".');
    expect(
      scene
        .received()
        .map(({ locale }) => locale)
        .sort(),
    ).toEqual(['de', 'en', 'fr']);
    for (const locale of ['en', 'fr', 'de'])
      expect(await scene.published({ uid: ARTICLE, documentId, locale })).toBeNull();
    scene.receiver.requests.length = 0;
    expect(await scene.fromCode('publish', { ...all, locale: ['de', 'en'] })).toBe('');
    expect(
      scene
        .received()
        .map(({ locale }) => locale)
        .sort(),
    ).toEqual(['de', 'en']);
    expect(await scene.published({ uid: ARTICLE, documentId, locale: 'de' })).toBe('Gut');
    expect(await scene.outcomes({ uid: ARTICLE, documentId, locale: 'fr' })).toEqual([
      'refused publish',
    ]);
  });

  test('is asked about: code in a transaction, which is not held open for long', async () => {
    const webhook = await scene.validate('publish', { timeout: 60_000 });
    scene.answerWith('hang');
    const documentId = await scene.draft();
    const refusal = await scene.fromCode('publish', { documentId }, { isInTransaction: true });
    const [, ms = ''] = /did not answer within ([\d,]+) ms/.exec(refusal) ?? [];
    expect(Number(ms.replaceAll(',', ''))).toBeGreaterThan(1900);
    expect(Number(ms.replaceAll(',', ''))).toBeLessThan(BUDGET);
    expect(await scene.published({ documentId })).toBeNull();
    // The transaction was rolled back; that it was refused is known all the same.
    expect(await scene.stage.finished(webhook)).toMatchObject([
      { verdict: 'noAnswer', documentId },
    ]);
    expect(await scene.outcomes({ documentId })).toEqual(['refused publish']);
    scene.answerWith(YES);
    expect(await scene.fromCode('publish', { documentId }, { isInTransaction: true })).toBe('');
    expect(await scene.outcomes({ documentId })).toEqual(['moved publish', 'refused publish']);
  });

  test('is asked about: commands, in the panel and the API', async () => {
    await scene.validate();
    scene.answerWith(no('No.'), YES);
    const documentId = await scene.draft({ title: 'By command' });
    const { workflow, state, commands } = await scene.view({ documentId });
    expect({ workflow, state: state?.key, keys: commands.map(({ key }) => key) }).toEqual({
      workflow: { id: 'publication', name: 'Publication' },
      state: 'draft',
      keys: ['publish'],
    });
    expect((await scene.run({ documentId }, 'publish')).body.error.message).toBe('check: No.');
    await scene.runAll({ documentId }, 'publish');
    expect(await scene.titles({ documentId })).toEqual(['By command', 'By command']);
    await scene.edit({ documentId }, { title: 'Edited' });
    await scene.runAll({ documentId }, 'discard');
    expect(await scene.titles({ documentId })).toEqual(['By command', 'By command']);
    await scene.runAll({ documentId }, 'unpublish');
    expect(await scene.titles({ documentId })).toEqual(['By command', null]);
    const again = await scene.run({ documentId }, 'unpublish');
    expect(again.body.error.message).toMatch(/"Unpublish" does not start from "Draft"/);
    expect(await scene.outcomes({ documentId })).toEqual([
      'moved unpublish',
      'moved discard',
      'moved publish',
      'refused publish',
    ]);
  });
});

describe('The request of a validation is in the log', () => {
  const verdictsOf = async (webhook: { id: string }, count: number) =>
    (
      await until(
        () => scene.stage.deliveries(webhook),
        ({ length }) => length >= count,
      )
    ).map(({ verdict, documentId }) => ({ verdict, documentId }));

  test('where another document was refused', async () => {
    const webhook = await scene.validate();
    scene.refuseTitles('Bad');
    const good = await scene.draft({ title: 'Good' });
    const bad = await scene.draft({ title: 'Bad' });
    await scene.clickMany('bulkPublish', [good, bad]);
    expect(await verdictsOf(webhook, 2)).toEqual(
      expect.arrayContaining([
        { verdict: 'allowed', documentId: good },
        { verdict: 'refused', documentId: bad },
      ]),
    );
  });

  test('where Strapi itself would not have it, before or after it was saved', async () => {
    const webhook = await scene.validate();
    scene.answerWith(YES);
    const untitled = await scene.draft({ title: null });
    const { body } = await scene.click('publish', { documentId: untitled });
    expect(body.error.message).toMatch(/title/);
    expect((await scene.click('publish', { documentId: untitled }, { title: 7 })).status).toBe(400);
    expect(await scene.fromCode('publish', { documentId: untitled })).toMatch(/title/);
    const allowed = { verdict: 'allowed', documentId: untitled };
    expect(await verdictsOf(webhook, 3)).toEqual([allowed, allowed, allowed]);
    expect(await scene.outcomes({ documentId: untitled })).toEqual([]);
  });

  test('where the transaction around it is rolled back later', async () => {
    const webhook = await scene.validate();
    scene.answerWith(YES);
    const documentId = await scene.draft();
    expect(await scene.fromCode('publish', { documentId }, { isRolledBack: true })).toBe('Later.');
    expect(await verdictsOf(webhook, 1)).toEqual([{ verdict: 'allowed', documentId }]);
    expect(await scene.outcomes({ documentId })).toEqual([]);
    expect(await scene.published({ documentId })).toBeNull();
  });
});

test('A document that is gone takes along what was remembered of its publications', async () => {
  await scene.validate();
  scene.answerWith(YES);
  const remembered = (document: string) =>
    scene.app.run(
      async (strapi, where) =>
        Promise.all(
          ['history', 'document-state'].map((name) =>
            strapi.db.query(`plugin::workflow-webhooks.${name}`).count({ where }),
          ),
        ),
      { document },
    );
  const clicked = await scene.draft();
  await scene.click('publish', { documentId: clicked }, { title: 'A page' });
  const commanded = await scene.draft();
  await scene.runAll({ documentId: commanded }, 'publish');
  expect([await remembered(clicked), await remembered(commanded)]).toEqual([
    [1, 0],
    [1, 0],
  ]);
  for (const documentId of [clicked, commanded]) {
    await scene.app.request('DELETE', `${CM}/${PAGE}/${documentId}`);
    expect(await remembered(documentId)).toEqual([0, 0]);
  }
});

describe('A publication', () => {
  test('notifies once: submit webhooks of the move, event webhooks of the publication', async () => {
    const onState = await scene.submit('publication', { state: 'published' }, { path: '/state' });
    const onCommand = await scene.submit(
      'publication',
      { command: 'publish' },
      { path: '/command' },
    );
    const events = await scene.stage.makeWebhook({
      path: '/events',
      events: ['*'],
      contentTypes: [PAGE],
    });
    const documentId = await scene.draft({ title: 'News' });
    await scene.click('publish', { documentId }, { title: 'News' });
    const another = await scene.draft({ title: 'By code' });
    await scene.fromCode('publish', { documentId: another });
    for (const webhook of [onState, onCommand])
      expect((await scene.stage.finished(webhook)).map((one) => one.documentId)).toEqual([
        documentId,
        another,
      ]);
    expect(scene.received('/state')[0]).toMatchObject({
      documentId,
      entry: { title: 'News' },
      from: { key: 'draft' },
      to: { key: 'published' },
      command: { key: 'publish', name: 'Publish' },
    });
    expect((await scene.stage.finished(events)).map(({ event }) => event)).toEqual([
      'entry.create',
      'entry.publish',
      'entry.create',
      'entry.publish',
    ]);
  });

  test('notifies of a refusal, with its verdicts', async () => {
    await scene.validate();
    scene.answerWith(no('Not today.'));
    const submit = await scene.submit('publication', { command: 'publish' });
    const events = await scene.stage.makeWebhook({
      path: '/events',
      events: ['workflow.*', 'entry.publish'],
      contentTypes: [PAGE],
    });
    const documentId = await scene.draft();
    await scene.click('publish', { documentId }, { title: 'A page' });
    expect((await scene.stage.finished(events)).map(({ event }) => event)).toEqual([
      'workflow.refused',
    ]);
    expect(scene.received('/events')).toMatchObject([
      {
        documentId,
        command: { key: 'publish' },
        verdicts: [{ webhook: { name: 'check' }, kind: 'refused', message: 'Not today.' }],
      },
    ]);
    expect(await scene.stage.deliveries(submit)).toEqual([]);
  });
});
