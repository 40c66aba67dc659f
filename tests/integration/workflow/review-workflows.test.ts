/**
 * Stages of the licensed Review Workflows, played by a stand-in: the content types that every Strapi has, a relation that
 * the playground adds, and rows. What the licensed code itself does is not tested here.
 */
import type { DocumentStates } from '../../../server/contract/document';
import type { WorkflowChoices } from '../../../server/contract/workflow';
import { until } from '../delivery/stage';
import { ARTICLE, no, Scene, YES, type Place } from './scene';

type Stages = { workflow: string; ids: number[]; documentIds: string[] };

let scene: Scene;
let stages: Stages;

/** To do > in review > done. */
const makeStages = (): Promise<Stages> =>
  scene.app.run(async (strapi, uid) => {
    const workflow = await strapi.db
      .query('plugin::review-workflows.workflow')
      .create({ data: { name: 'Editorial', contentTypes: [uid] } });
    const stages = [];
    for (const name of ['To do', 'In review', 'Done'])
      stages.push(
        await strapi.db
          .query('plugin::review-workflows.workflow-stage')
          .create({ data: { name, color: '#66B7F1', workflow: workflow.id } }),
      );
    return {
      workflow: `review-workflows:${workflow.id}`,
      ids: stages.map(({ id }) => id),
      documentIds: stages.map(({ documentId }) => documentId),
    };
  }, ARTICLE);

beforeAll(async () => {
  scene = await Scene.start({ env: { PLAYGROUND_WITH_STAGES: '1' } });
  stages = await makeStages();
});
afterAll(() => scene?.stop());
afterEach(() => scene.clear());

const [TODO, REVIEW, DONE] = [0, 1, 2];
const commandTo = (index: number) => `move-to:${stages.ids[index]}`;
const keyOf = (index: number) => String(stages.ids[index]);

const article = async (): Promise<Required<Pick<Place, 'uid' | 'documentId'>>> => ({
  uid: ARTICLE,
  documentId: await scene.draft({ title: 'An article', strapi_stage: stages.ids[TODO] }, ARTICLE),
});

/** Moves a document like the licensed feature does, and like any code may do. */
const move = (place: Place, strapi_stage: unknown, data: object = {}): Promise<string> =>
  scene.app
    .run(
      async (strapi, { uid, ...params }) => {
        await strapi.documents(uid).update(params);
        return '';
      },
      { ...place, data: { ...data, strapi_stage } },
    )
    .catch((error: Error) => error.message);

const stageOf = ({ uid, documentId, locale }: Place): Promise<string | null> =>
  scene.app.run(
    async (strapi, args) => {
      const found = await strapi
        .documents(args.uid)
        .findOne({ ...args, populate: { strapi_stage: true } });
      return found.strapi_stage?.name ?? null;
    },
    { uid, documentId, ...(locale ? { locale } : {}) },
  );

const outcomes = async (place: Place) =>
  (await scene.view(place)).history.map(({ outcome, commandName }) => `${outcome} ${commandName}`);

test('The stages are the states of a workflow that webhooks can hang on', async () => {
  const { workflows } = await scene.stage.api<WorkflowChoices>('GET', '/workflows/choices');
  expect(workflows.find(({ id }) => id === stages.workflow)).toMatchObject({
    name: 'Editorial',
    contentTypes: [ARTICLE],
    states: [
      { key: keyOf(TODO), name: 'To do', color: '#66B7F1', final: false },
      { key: keyOf(REVIEW), name: 'In review', final: false },
      { key: keyOf(DONE), name: 'Done', final: true },
    ],
    commands: [
      { key: commandTo(TODO), name: 'To do' },
      { key: commandTo(REVIEW), name: 'In review', from: [keyOf(TODO), keyOf(DONE)] },
      { key: commandTo(DONE), name: 'Done' },
    ],
  });
});

describe('A move to a stage', () => {
  const SHAPES: [string, (id: number, documentId: string) => unknown][] = [
    ['{ id }', (id) => ({ id })],
    ['an id', (id) => id],
    ['an id as text', (id) => String(id)],
    ['a document id', (_id, documentId) => documentId],
    ['{ documentId }', (_id, documentId) => ({ documentId })],
    ['{ connect: [{ id }] }', (id) => ({ connect: [{ id }] })],
    ['{ connect, disconnect }', (id) => ({ disconnect: [], connect: [id] })],
    ['{ set: [{ documentId }] }', (_id, documentId) => ({ set: [{ documentId }] })],
    ['a list', (id) => [{ id }]],
  ];

  test.each(SHAPES)('that is written as %s is asked about and refused', async (_shape, shapeOf) => {
    await scene.validation(stages.workflow, commandTo(DONE));
    scene.receiver.on('/check').answer(no('Not done yet.'), YES);
    const place = await article();
    const shape = shapeOf(stages.ids[DONE] ?? 0, stages.documentIds[DONE] ?? '');
    expect(await move(place, shape, { title: 'Changed along' })).toBe('check: Not done yet.');
    expect(await stageOf(place)).toBe('To do');
    expect(await move(place, shape)).toBe('');
    expect(await stageOf(place)).toBe('Done');
    expect(await outcomes(place)).toEqual(['moved Done', 'refused Done']);
  });

  test('calls the submit webhooks of the stage and of the command, with both stages', async () => {
    const onState = await scene.submit(stages.workflow, { state: keyOf(REVIEW) });
    await scene.submit(stages.workflow, { command: commandTo(REVIEW) }, { path: '/command' });
    const place = await article();
    expect(await move(place, { id: stages.ids[REVIEW] })).toBe('');
    const [request] = await scene.receiver.waitFor(1, { path: '/notified' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'workflow.transition',
      data: {
        uid: ARTICLE,
        documentId: place.documentId,
        locale: 'en',
        workflow: { id: stages.workflow, name: 'Editorial' },
        command: { key: commandTo(REVIEW), name: 'In review' },
        from: { key: keyOf(TODO), name: 'To do' },
        to: { key: keyOf(REVIEW), name: 'In review' },
      },
    });
    await scene.receiver.waitFor(1, { path: '/command' });
    expect(await scene.stage.finished(onState)).toHaveLength(1);
  });

  test('is none where the save names the stage that the document has, another workflow’s, or none at all', async () => {
    await scene.validation(stages.workflow, commandTo(TODO));
    const place = await article();
    const elsewhere = await scene.app.run(async (strapi) => {
      const stage = await strapi.db
        .query('plugin::review-workflows.workflow-stage')
        .create({ data: { name: 'Elsewhere' } });
      return stage.id as number;
    });
    for (const stage of [{ id: stages.ids[TODO] }, { connect: [] }, { id: elsewhere }, null])
      expect(await move(place, stage, { title: 'Saved' })).toBe('');
    expect(scene.receiver.requests).toEqual([]);
    expect(await outcomes(place)).toEqual([]);
  });

  test('is of one locale', async () => {
    await scene.validation(stages.workflow, commandTo(DONE));
    scene.receiver.on('/check').answer(no('No.'));
    const place = await article();
    const french = { ...place, locale: 'fr' };
    await scene.edit(french, { title: 'Un article', strapi_stage: stages.ids[TODO] });
    expect(await move(french, { id: stages.ids[REVIEW] })).toBe('');
    expect(await move(french, { id: stages.ids[DONE] })).toBe('check: No.');
    expect(scene.receiver.requests.map(({ body }) => JSON.parse(body).data.locale)).toEqual(['fr']);
    expect([await stageOf(french), await stageOf(place)]).toEqual(['In review', 'To do']);
    expect(await outcomes(place)).toEqual([]);
  });

  test('does not happen where the document is edited while it is asked about', async () => {
    await scene.validation(stages.workflow, commandTo(DONE));
    const place = await article();
    scene.receiver.on('/check').answer(async () => {
      await scene.edit(place, { title: 'Edited meanwhile' });
      return YES;
    });
    expect(await move(place, { id: stages.ids[DONE] })).toMatch(
      /changed while it was being checked/,
    );
    expect(await stageOf(place)).toBe('To do');
    expect(await outcomes(place)).toEqual([]);
  });

  test('is remembered as refused though the transaction around it is rolled back', async () => {
    const webhook = await scene.validation(stages.workflow, commandTo(DONE));
    scene.receiver.on('/check').answer(no('No.'));
    const place = await article();
    const message = await scene.app
      .run(
        async (strapi, { uid, ...params }) => {
          await strapi.db.transaction(() => strapi.documents(uid).update(params));
        },
        { ...place, data: { strapi_stage: { id: stages.ids[DONE] } } },
      )
      .catch((error: Error) => error.message);
    expect(message).toBe('check: No.');
    expect(await scene.stage.finished(webhook)).toMatchObject([{ verdict: 'refused' }]);
    const seen = await until(
      () => outcomes(place),
      ({ length }) => length > 0,
    );
    expect(seen).toEqual(['refused Done']);
  });
});

describe('In the panel', () => {
  test('a document shows its stage, and is moved by commands', async () => {
    await scene.validation(stages.workflow, commandTo(DONE));
    scene.receiver.on('/check').answer(no('No.'), YES);
    const place = await article();
    const { workflow, state, commands, mayBypass } = await scene.view(place);
    expect({ workflow, state: state?.name, mayBypass }).toEqual({
      workflow: { id: stages.workflow, name: 'Editorial' },
      state: 'To do',
      mayBypass: false,
    });
    expect(commands.map(({ name }) => name)).toEqual(['In review', 'Done']);
    expect((await scene.run(place, commandTo(DONE))).body.error.message).toBe('check: No.');
    const moved = await scene.run(place, commandTo(DONE), { comment: 'Well done.' });
    expect(moved.body.data.state).toMatchObject({ name: 'Done', final: true });
    expect(await stageOf(place)).toBe('Done');
    expect((await scene.view(place)).history[0]).toMatchObject({
      outcome: 'moved',
      comment: 'Well done.',
      verdicts: [{ kind: 'allowed' }],
    });
    expect(scene.receiver.requests).toHaveLength(2);
  });

  test('a list shows and finds stages; a document without one counts as in the first', async () => {
    const [todo, done] = [await article(), await article()];
    await move(done, { id: stages.ids[DONE] });
    const without = { uid: ARTICLE, documentId: await scene.draft({}, ARTICLE) };
    const ids = [todo, done, without].map(({ documentId }) => documentId);
    const path = `/documents/${ARTICLE}?documentIds=${ids.join(',')}`;
    const { documents } = await scene.stage.api<DocumentStates>('GET', path);
    expect(ids.map((id) => documents[id]?.name)).toEqual(['To do', 'Done', 'To do']);
    const found = async (index: number) => {
      const state = stages.ids[index] ?? 'nothing';
      const list = `/content-manager/collection-types/${ARTICLE}?pageSize=100&workflowState=${state}`;
      const { body } = await scene.app.request('GET', list);
      return body.results.map(({ documentId }: { documentId: string }) => documentId);
    };
    expect(await found(DONE)).toContain(done.documentId);
    expect(await found(DONE)).not.toContain(todo.documentId);
    expect(await found(TODO)).toEqual(
      expect.arrayContaining([todo.documentId, without.documentId]),
    );
    expect(await found(TODO)).not.toContain(done.documentId);
    expect(await found(99)).toEqual([]);
  });
});
