/** The same workflow on the available database servers; all other tests use SQLite. */
import type { Workflow, WorkflowInput } from '../../../server/contract/workflow';
import { reachable } from '../delivery/reachable';
import { SECOND, until } from '../delivery/stage';
import { APPROVAL, ARTICLE, no, PAGE, Scene, YES, type Place } from './scene';

const CM = '/content-manager/collection-types';
const ROUNDS = 12;
const MINUTE = 60 * SECOND;
/** Longer than the pause in which a failing validation endpoint is not called. */
const PAUSE = 31 * SECOND;

describe.each(reachable('postgres', 'mysql'))('on %s', (database) => {
  let scene: Scene;
  let workflow: Workflow;

  beforeAll(async () => {
    scene = await Scene.start({ database });
  });
  afterAll(() => scene?.stop());
  beforeEach(async () => {
    workflow = await scene.makeWorkflow({ contentTypes: [PAGE, ARTICLE] });
  });
  afterEach(() => scene.clear());

  const outcomes = async (place: Place) =>
    (await scene.view(place)).history.map(({ outcome, command }) => `${outcome} ${command}`);

  /** Statuses in order, so that it does not matter who of them was the first. */
  const atOnce = async (...calls: Promise<{ status: number }>[]) =>
    (await Promise.all(calls)).map(({ status }) => status).sort();

  const rowsOf = (documentId: string) =>
    scene.app.run(
      (strapi, { uid, documentId }) => strapi.db.query(uid).count({ where: { documentId } }),
      { uid: PAGE, documentId },
    );

  /** How many rows a table of ours has of a document. */
  const remembered = (documentId: string) =>
    scene.app.run(async (strapi, document) => {
      const count = async (table: string) =>
        (await strapi.db.connection(`workflow_webhooks_${table}`).where({ document })).length;
      return [await count('document_states'), await count('histories')];
    }, documentId);

  const renamed = (from: string, to: string) =>
    scene.app.run((strapi, names) => strapi.db.connection.schema.renameTable(...names), [from, to]);

  const listed = async (state: string): Promise<string[]> => {
    const query = `workflowState=${state}&page=1&pageSize=100`;
    const { body } = await scene.app.request('GET', `${CM}/${PAGE}?${query}`);
    return body.results.map(({ documentId }: { documentId: string }) => documentId);
  };

  test('commands move a document, entering a state publishes it, and an edit puts it back', async () => {
    const documentId = await scene.draft({ title: 'Grüße \ud83d\udc4b' });
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
    expect(await scene.published({ documentId })).toBe('Grüße \ud83d\udc4b');
    await scene.edit({ documentId }, { title: 'Edited' });
    expect(await scene.state({ documentId })).toBe('draft');
    expect(await outcomes({ documentId })).toEqual([
      'reset null',
      'moved publish',
      'moved approve',
      'moved submit',
    ]);
    const { status } = await scene.app.request(
      'POST',
      `${CM}/${PAGE}/${documentId}/actions/publish`,
      { title: 'Edited' },
    );
    expect(status).toBe(400);
    expect(await scene.published({ documentId })).toBe('Grüße \ud83d\udc4b');
  });

  test('a refusal moves nothing, and is remembered', async () => {
    await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(no('Zu kurz: \ud83d\ude00'), YES);
    const documentId = await scene.draft();
    const { body } = await scene.run({ documentId }, 'submit');
    expect(body.error.details.verdicts).toMatchObject([{ message: 'Zu kurz: \ud83d\ude00' }]);
    expect(await scene.state({ documentId })).toBe('draft');
    await scene.runAll({ documentId }, 'submit');
    expect(await outcomes({ documentId })).toEqual(['moved submit', 'refused submit']);
  });

  test('each locale has a state of its own, and a shared field that is edited in one is edited in all', async () => {
    const documentId = await scene.draft({ views: 1 }, ARTICLE, 'en');
    const [en, de] = ['en', 'de'].map((locale) => ({ uid: ARTICLE, documentId, locale })) as [
      Place,
      Place,
    ];
    await scene.edit(de, { title: 'Artikel' });
    await scene.runAll(de, 'submit', 'approve');
    expect([await scene.state(en), await scene.state(de)]).toEqual(['draft', 'approved']);
    await scene.edit(en, { views: 2 });
    expect([await scene.state(en), await scene.state(de)]).toEqual(['draft', 'draft']);
  });

  test('a submit delivery is stored with its move; a move whose delivery cannot be stored does not happen', async () => {
    const webhook = await scene.submit(workflow.id, { state: 'review' });
    const documentId = await scene.draft();
    await renamed('workflow_webhooks_deliveries', 'elsewhere');
    const failed = await scene.run({ documentId }, 'submit');
    await renamed('elsewhere', 'workflow_webhooks_deliveries');
    expect(failed.body.error.message).toMatch(/^Nothing was saved/);
    expect([await scene.state({ documentId }), await outcomes({ documentId })]).toEqual([
      'draft',
      [],
    ]);
    await scene.runAll({ documentId }, 'submit');
    expect(await scene.stage.finished(webhook)).toMatchObject([{ documentId, state: 'delivered' }]);
  });

  test('one of two simultaneous commands moves the document, with one event', async () => {
    const webhook = await scene.submit(workflow.id, { state: 'review' });
    for (let round = 0; round < ROUNDS; round += 1) {
      const documentId = await scene.draft();
      const submit = () => scene.run({ documentId }, 'submit');
      expect(await atOnce(submit(), submit())).toEqual([200, 400]);
      expect(await outcomes({ documentId })).toEqual(['moved submit']);
    }
    expect(await scene.stage.finished(webhook)).toHaveLength(ROUNDS);
  });

  test('one of two simultaneous commands to different states moves the document', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const documentId = await scene.draft();
      await scene.runAll({ documentId }, 'submit');
      const statuses = await atOnce(
        scene.run({ documentId }, 'approve', { comment: 'Good.' }),
        scene.run({ documentId }, 'reject'),
      );
      const history = await outcomes({ documentId });
      // "Reject" may also come after "Approve" as if there had been no hurry.
      if (statuses.join() === '200,400') expect(history).toHaveLength(2);
      else expect(history).toEqual(['moved reject', 'moved approve', 'moved submit']);
    }
  });

  test('many documents are moved side by side', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await scene.draft());
    for (const command of ['submit', 'approve', 'publish']) {
      const body = command === 'approve' ? { comment: 'Good.' } : {};
      const calls = ids.map((documentId) => scene.run({ documentId }, command, body));
      expect(await atOnce(...calls)).toEqual(ids.map(() => 200));
    }
  });

  test('nothing is published of a document that is deleted at the same time', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const documentId = await scene.draft();
      const path = `${CM}/${PAGE}/${documentId}`;
      const [published] = await Promise.all([
        scene.app.request('POST', `${path}/actions/publish`, { title: 'A page' }),
        scene.app.request('DELETE', path),
      ]);
      expect(published.status).not.toBe(200);
      expect(await rowsOf(documentId)).toBe(0);
    }
  });

  test('an edit that comes while a document is approved is approved, refused the approval, or puts it back', async () => {
    const possible = {
      draft: ['reset null', 'moved approve', 'moved submit'],
      review: ['moved submit'],
      approved: ['moved approve', 'moved submit'],
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const documentId = await scene.draft();
      await scene.runAll({ documentId }, 'submit');
      await Promise.all([
        scene.run({ documentId }, 'approve', { comment: 'Good.' }),
        scene.edit({ documentId }, { title: 'Edited' }),
      ]);
      const state = (await scene.state({ documentId })) as keyof typeof possible;
      expect([state, await outcomes({ documentId })]).toEqual([state, possible[state]]);
    }
  });

  test('a document is held while its validations are asked, and is free afterwards', async () => {
    await scene.validation(workflow.id, 'submit');
    let release = () => {};
    const held = new Promise<typeof YES>((resolve) => (release = () => resolve(YES)));
    scene.receiver.on('/check').answer(() => held);
    const documentId = await scene.draft();
    const running = scene.run({ documentId }, 'submit');
    await scene.receiver.waitFor(1, { path: '/check' });
    expect((await scene.view({ documentId })).busy).toMatchObject({ command: 'Submit' });
    const late = await scene.run({ documentId }, 'submit');
    expect(late.body.error.message).toMatch(/is running "Submit"/);
    release();
    expect((await running).status).toBe(200);
    expect((await scene.view({ documentId })).busy).toBeNull();
  });

  test('an endpoint that keeps failing is spared for a while, and asked again after it', async () => {
    await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(500);
    const documentId = await scene.draft();
    for (let count = 0; count < 5; count += 1) await scene.run({ documentId }, 'submit');
    const { body } = await scene.run({ documentId }, 'submit');
    expect(body.error.message).toMatch(/It is not asked until/);
    expect(scene.stage.calls('/check')).toHaveLength(5);
    await scene.stage.turn(PAUSE);
    scene.receiver.on('/check').answer(YES);
    await scene.runAll({ documentId }, 'submit');
    expect(await scene.state({ documentId })).toBe('review');
  });

  test("the content manager's list is narrowed to one state", async () => {
    const [never, back, review] = [await scene.draft(), await scene.draft(), await scene.draft()];
    await scene.runAll({ documentId: back }, 'submit', 'reject');
    await scene.runAll({ documentId: review }, 'submit');
    const drafts = await listed('draft');
    expect(drafts).toEqual(expect.arrayContaining([never, back]));
    expect(drafts).not.toContain(review);
    expect(await listed('review')).toEqual([review]);
    expect(await listed('approved')).toEqual([]);
  });

  test('another initial state is one for new documents; those that are there stay where they are', async () => {
    const page = { documentId: await scene.draft() };
    const article = {
      uid: ARTICLE,
      documentId: await scene.draft({}, ARTICLE, 'de'),
      locale: 'de',
    };
    const changed: WorkflowInput = {
      ...APPROVAL,
      contentTypes: [PAGE, ARTICLE],
      initialState: 'review',
    };
    await scene.stage.api('PUT', `/workflows/${workflow.id}`, changed);
    expect([await scene.state(page), await scene.state(article)]).toEqual(['draft', 'draft']);
    expect(await scene.state({ documentId: await scene.draft() })).toBe('review');
  });

  test('a state that becomes final approves what was edited while the change was prepared', async () => {
    const place = { documentId: await scene.draft({ title: 'Before' }) };
    await scene.runAll(place, 'submit');
    type World = { held?: any; reads?: number };
    // The change waits for the row of its workflow, after it has read the documents.
    await scene.app.run(async (strapi, document_id) => {
      const world = globalThis as World;
      world.held = await strapi.db.connection.transaction();
      await world.held('workflow_webhooks_workflows').where({ document_id }).forUpdate();
      world.reads = 0;
      strapi.db.connection.on('query', ({ sql }: { sql: string }) => {
        if (/updated_at.*from .pages/.test(sql)) world.reads = (world.reads ?? 0) + 1;
      });
    }, workflow.id);
    const states = APPROVAL.states.map((state) =>
      state.key === 'review' ? { ...state, final: true } : state,
    );
    const input = { ...APPROVAL, contentTypes: [PAGE, ARTICLE], states };
    const changed = scene.stage.api('PUT', `/workflows/${workflow.id}`, input);
    await until(
      () => scene.app.run(() => (globalThis as World).reads ?? 0),
      (reads) => reads > 0,
    );
    await scene.edit(place, { title: 'After' });
    await scene.app.run(() => (globalThis as World).held.rollback());
    await changed;
    expect(await scene.state(place)).toBe('review');
  });

  test('a document that is deleted is forgotten, and so is a locale', async () => {
    const documentId = await scene.draft({}, ARTICLE, 'en');
    const [en, de] = ['en', 'de'].map((locale) => ({ uid: ARTICLE, documentId, locale })) as [
      Place,
      Place,
    ];
    await scene.edit(de, { title: 'Artikel' });
    await scene.runAll(en, 'submit');
    await scene.runAll(de, 'submit', 'approve');
    await scene.app.request('DELETE', `${CM}/${ARTICLE}/${documentId}?locale=de`);
    expect(await remembered(documentId)).toEqual([1, 1]);
    await scene.edit(de, { title: 'Artikel' });
    expect([await scene.state(en), await scene.state(de)]).toEqual(['review', 'draft']);
    expect(await outcomes(de)).toEqual([]);
    await scene.app.request('DELETE', `${CM}/${ARTICLE}/${documentId}?locale=*`);
    expect(await remembered(documentId)).toEqual([0, 0]);
  });

  test('after a crash, a document is held no longer than its command could have taken', async () => {
    await scene.validation(workflow.id, 'submit');
    const documentId = await scene.draft();
    scene.receiver.on('/check').answer('hang');
    // A minute later than it is, so that a slow start of the next process does not outlast what is held.
    await scene.stage.turnNow(MINUTE);
    const lost = scene.run({ documentId }, 'submit').catch(() => 'lost');
    await scene.receiver.waitFor(1, { path: '/check' });
    await scene.stage.turnNow(-MINUTE);
    await scene.app.kill();
    expect(await lost).toBe('lost');
    await scene.app.restart();
    scene.receiver.on('/check').answer(YES);
    const early = await scene.run({ documentId }, 'submit');
    expect(early.body.error.message).toMatch(/is running "Submit" on this document/);
    await scene.stage.turnNow(MINUTE + 16 * SECOND);
    expect((await scene.view({ documentId })).busy).toBeNull();
    await scene.runAll({ documentId }, 'submit');
    expect(await outcomes({ documentId })).toEqual(['moved submit']);
  });
});
