/** Workflows: each mistake is reported at its field, and used parts are not removed silently. */
import type { Workflow, WorkflowInput } from '../../../server/contract/workflow';
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

const changed = (changes: Partial<WorkflowInput>) =>
  api.put(`/workflows/${workflow.id}`, { ...APPROVAL, ...changes });
const without = (key: string) => ({
  states: APPROVAL.states.filter((state) => state.key !== key),
  commands: COMMANDS.filter(({ to }) => to !== key)
    .map((command) => ({ ...command, from: command.from.filter((from) => from !== key) }))
    .filter(({ from }) => from.length > 0),
});
/** Draft > approved > published: without the review. */
const SHORT = {
  ...without('review'),
  commands: [
    { key: 'approve', name: 'Approve', from: ['draft'], to: 'approved' },
    ...without('review').commands.filter(({ key }) => key !== 'approve'),
  ],
};

describe('A workflow is refused', () => {
  test('with every mistake at its place', async () => {
    const state = (key: string, name: string, more = {}) => ({ key, name, ...more });
    const problems = problemsOf(
      await api.post('/workflows', {
        name: 'Muddle',
        contentTypes: [],
        initialState: 'start',
        states: [
          state('a', 'One', { final: true }),
          state('A', 'Two'),
          state('b', 'one', { onEnter: 'publish' }),
        ],
        commands: [
          { key: 'go', name: 'Go', from: ['a', 'nowhere'], to: 'a' },
          { key: 'GO', name: 'Go on', from: ['a'], to: 'elsewhere' },
        ],
      }),
    );
    expect(Object.keys(problems).sort()).toEqual([
      'commands.0.from.0',
      'commands.0.from.1',
      'commands.1.key',
      'commands.1.to',
      'initialState',
      'states.1',
      'states.1.key',
      'states.2',
      'states.2.name',
      'states.2.onEnter',
    ]);
    expect(problems['states.2.onEnter']).toMatch(/Only a document in a final state/);
  });

  test.each<[string, Partial<Record<keyof WorkflowInput | 'colour', unknown>>, string[]]>([
    ['without a name', { name: ' ' }, ['name']],
    ['without states', { states: [], commands: [] }, ['states']],
    ['with a key that is none', { states: [{ key: 'in review', name: 'X' }] }, ['states.0.key']],
    [
      'with a colour that is none',
      { states: [{ key: 'a', name: 'X', color: 'red' }] },
      ['states.0.color'],
    ],
    [
      'with an action that is none',
      { states: [{ key: 'a', name: 'X', onEnter: 'delete' }] },
      ['states.0.onEnter'],
    ],
    [
      'with a command that starts nowhere',
      { commands: [{ key: 'x', name: 'X', from: [], to: 'draft' }] },
      ['commands.0.from'],
    ],
    [
      'with a rule for comments that is none',
      { commands: [{ key: 'x', name: 'X', from: ['draft'], to: 'review', comment: 'maybe' }] },
      ['commands.0.comment'],
    ],
    [
      'with too many states',
      {
        states: Array.from({ length: 51 }, (_, index) => ({
          key: `s${index}`,
          name: `S ${index}`,
        })),
      },
      ['states'],
    ],
    ['with a word that it does not know', { colour: 'red' }, ['']],
  ])('%s', async (_what, changes, places) => {
    const answer = await api.post('/workflows', { ...APPROVAL, contentTypes: [], ...changes });
    expect(Object.keys(problemsOf(answer))).toEqual(expect.arrayContaining(places));
  });

  test('for content types that are not there, twice there, of another workflow, or that cannot be published', async () => {
    const contentTypes = ['api::nothing.nothing', ARTICLE, ARTICLE, PAGE, NOTICE];
    const problems = problemsOf(
      await api.post('/workflows', { ...APPROVAL, name: 'Other', contentTypes }),
    );
    expect(problems).toEqual({
      'contentTypes.0': expect.stringMatching(/There is no content type "api::nothing.nothing"/),
      'contentTypes.2': expect.stringMatching(/"Article" is there twice/),
      'contentTypes.3': expect.stringMatching(/"Page" has the workflow "Approval" already/),
      'contentTypes.4': expect.stringMatching(/no draft & publish.*"Published" cannot publish/),
    });
    expect((await changed({})).status).toBe(200);
  });

  test('with roles that are not there; those that are go by id or by code', async () => {
    const { roles } = (await api.get('/workflows/choices')).body.data;
    const { id } = roles.find(({ code }: { code: string }) => code === 'strapi-author');
    const withRoles = (list: unknown[]) =>
      changed({
        commands: COMMANDS.map((command, index) =>
          index === 0 ? { ...command, roles: list as number[] } : command,
        ),
      });
    expect(problemsOf(await withRoles([id, 999_999, 'nobody']))).toEqual({
      'commands.0.roles.1': expect.stringMatching(/There is no role "999999"/),
      'commands.0.roles.2': expect.stringMatching(/There is no role "nobody"/),
    });
    const stored = (await withRoles(['strapi-author', id])).body.data;
    expect(stored.commands[0].roles).toEqual([id]);
  });

  test('that is not there', async () => {
    for (const answer of [
      await api.get('/workflows/nothing'),
      await api.put('/workflows/nothing', APPROVAL),
      await api.remove('/workflows/nothing'),
    ])
      expect(answer.status).toBe(404);
  });
});

describe('A part of a workflow that is in use', () => {
  test('is a state with documents: they move only to the state that the request names', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit');
    const submit = await scene.submit(workflow.id, { state: 'review' });
    expect(problemsOf(await changed(SHORT))).toEqual({
      'moveTo.review': expect.stringMatching(
        /"In review" is in use \(1 document is in it, used by "notified"\)\. Say where that goes: "moveTo"/,
      ),
    });
    expect(problemsOf(await changed({ ...SHORT, moveTo: { review: 'nowhere' } }))).toEqual({
      'moveTo.review': expect.stringMatching(/no state "nowhere" that stays/),
    });
    expect(await scene.state({ documentId })).toBe('review');
    expect((await changed({ ...SHORT, moveTo: { review: 'draft' } })).status).toBe(200);
    expect(await scene.state({ documentId })).toBe('draft');
    expect(await scene.stage.webhook(submit)).toMatchObject({ state: 'draft' });
  });

  test('is approved as it is where its state becomes a final one', async () => {
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit');
    await scene.edit({ documentId }, { title: 'As it is' });
    expect((await changed({ ...SHORT, moveTo: { review: 'approved' } })).status).toBe(200);
    expect(await scene.state({ documentId })).toBe('approved');
    await scene.edit({ documentId }, { title: 'Edited' });
    expect(await scene.state({ documentId })).toBe('draft');
  });

  test('keeps its approval from one final state to another', async () => {
    const documentId = await scene.draft({ title: 'Approved' });
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
    const commands = [
      ...without('published').commands,
      { key: 'reopen', name: 'Reopen', from: ['approved'], to: 'draft' },
    ];
    const moved = { ...without('published'), commands, moveTo: { published: 'approved' } };
    expect((await changed(moved)).status).toBe(200);
    expect(await scene.state({ documentId })).toBe('approved');
    await scene.edit({ documentId }, { title: 'Edited' });
    expect(await scene.state({ documentId })).toBe('draft');
    const discard = `/content-manager/collection-types/${PAGE}/${documentId}/actions/discard`;
    await scene.app.request('POST', discard, {});
    expect(await scene.state({ documentId })).toBe('approved');
  });

  test('is approved by its own workflow, and by no other that has the same states', async () => {
    const documentId = await scene.draft({ title: 'Approved elsewhere' });
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
    await changed({ contentTypes: [], moveTo: { [PAGE]: 'publication' } });
    await scene.makeWorkflow({ name: 'Stricter' });
    expect(await scene.state({ documentId })).toBe('draft');
    await scene.runAll({ documentId }, 'submit');
    const discard = `/content-manager/collection-types/${PAGE}/${documentId}/actions/discard`;
    await scene.app.request('POST', discard, {});
    expect(await scene.state({ documentId })).toBe('review');
  });

  test('is a command with a webhook, which then moves to another command', async () => {
    const validation = await scene.validation(workflow.id, 'reject');
    const commands = COMMANDS.filter(({ key }) => key !== 'reject');
    expect(problemsOf(await changed({ commands }))).toEqual({
      'moveTo.reject': expect.stringMatching(/"Reject" is in use \(used by "check"\)/),
    });
    expect((await changed({ commands, moveTo: { reject: 'reopen' } })).status).toBe(200);
    expect(await scene.stage.webhook(validation)).toMatchObject({ command: 'reopen' });
    const [change] = await scene.stage.api('GET', `/webhooks/${validation.id}/audit`);
    expect(change).toMatchObject({ action: 'changed', fields: ['command'] });
  });

  test('is not the key that another state gets: documents stay where they were when the start changes', async () => {
    const untouched = await scene.draft();
    const states = [{ key: 'idea', name: 'Idea' }, ...APPROVAL.states];
    const commands = [{ key: 'write', name: 'Write', from: ['idea'], to: 'draft' }, ...COMMANDS];
    expect((await changed({ initialState: 'idea', states, commands })).status).toBe(200);
    expect(await scene.state({ documentId: untouched })).toBe('draft');
    const another = await scene.draft();
    expect(await scene.state({ documentId: another })).toBe('idea');
    const back = await api.put(`/workflows/${workflow.id}`, APPROVAL);
    expect(back.status).toBe(200);
    // Nobody had moved the document, so it is in the initial state, whichever that is.
    expect(await scene.state({ documentId: another })).toBe('draft');
    expect(back.body.data.usage.documents).not.toHaveProperty('idea');
  });

  test('is a content type whose documents have states, unless it is meant, as when the workflow is deleted', async () => {
    const article = { uid: ARTICLE, documentId: await scene.draft({}, ARTICLE, 'en') };
    const page = { documentId: await scene.draft({ title: 'Not approved' }) };
    await changed({ contentTypes: [PAGE, ARTICLE] });
    await scene.runAll(page, 'submit');
    await scene.runAll({ ...article, locale: 'en' }, 'submit', 'approve');
    const { usage } = (await api.get(`/workflows/${workflow.id}`)).body.data;
    expect(usage).toMatchObject({
      documents: { review: 1, approved: 1 },
      contentTypes: { [PAGE]: 1, [ARTICLE]: 1 },
    });
    const refused = {
      [`moveTo.${PAGE}`]: expect.stringMatching(
        /"Page" has 1 document.*"moveTo": \{ "api::page.page": "publication" \}/,
      ),
    };
    expect(problemsOf(await changed({ contentTypes: [ARTICLE] }))).toEqual(refused);
    const elsewhere = { contentTypes: [ARTICLE], moveTo: { [PAGE]: 'draft' } };
    expect(problemsOf(await changed(elsewhere))).toEqual({
      [`moveTo.${PAGE}`]: expect.stringMatching(/Expected "publication"/),
    });
    expect(await scene.state(page)).toBe('review');
    expect((await scene.run(page, 'publish')).status).toBe(400);

    const meant = { contentTypes: [ARTICLE], moveTo: { [PAGE]: 'publication' } };
    const { body } = await changed(meant);
    expect(body.data.usage).toMatchObject({ contentTypes: { [ARTICLE]: 1 } });
    await scene.runAll(page, 'publish');
    expect(await scene.published(page)).toBe('Not approved');
    expect(await scene.state({ ...article, locale: 'en' })).toBe('approved');
    // The type has no states left when it comes back.
    await changed({ contentTypes: [PAGE, ARTICLE] });
    expect(await scene.state(page)).toBe('draft');
  });

  test('is not a content type whose documents never moved, nor a state that only documents of a type that goes are in', async () => {
    const page = { documentId: await scene.draft() };
    expect((await changed({ contentTypes: [] })).status).toBe(200);
    await changed({});
    await scene.runAll(page, 'submit');
    const gone = { ...SHORT, contentTypes: [ARTICLE], moveTo: { [PAGE]: 'publication' } };
    expect((await changed(gone)).status).toBe(200);
  });

  test('is an initial state that documents never left, where new documents would start approved', async () => {
    const page = { documentId: await scene.draft({ title: 'Not approved' }) };
    const commands = [
      ...without('draft').commands,
      { key: 'check', name: 'Check', from: ['published'], to: 'review' },
    ];
    const approvedFirst = { ...without('draft'), commands, initialState: 'approved' };
    expect(problemsOf(await changed(approvedFirst))).toEqual({
      'moveTo.draft': expect.stringMatching(/"Draft" is in use \(\d+ documents?/),
    });
    expect((await scene.run(page, 'publish')).status).toBe(400);
    const moved = await changed({ ...approvedFirst, moveTo: { draft: 'review' } });
    expect(moved.status).toBe(200);
    expect(await scene.state(page)).toBe('review');
  });

  test('is a workflow that webhooks hang on, or that documents are in, unless it is meant', async () => {
    const documentId = await scene.draft({ title: 'Free again' });
    await scene.runAll({ documentId }, 'submit');
    const webhook = await scene.validation(workflow.id, 'approve');
    const path = `/workflows/${workflow.id}`;
    const bound = await api.remove(`${path}?moveTo=publication`);
    expect(bound.status).toBe(400);
    expect(bound.body.error.message).toMatch(/is used by "check"\. Delete these webhooks first/);
    await api.remove(`/webhooks/${webhook.id}`);
    const used = await api.remove(path);
    expect(used.status).toBe(400);
    expect(used.body.error.message).toMatch(/1 document has a state.*add "moveTo=publication"/);
    expect(problemsOf(await api.remove(`${path}?moveTo=elsewhere`))).toHaveProperty('moveTo');
    expect((await api.remove(`${path}?moveTo=publication`)).status).toBe(200);
    await scene.runAll({ documentId }, 'publish');
    expect(await scene.published({ documentId })).toBe('Free again');
  });
});

describe('A state that becomes final', () => {
  const finalReview = APPROVAL.states.map((state) =>
    state.key === 'review' ? { ...state, final: true } : state,
  );

  test('approves what is in it as it is then', async () => {
    const documentId = await scene.draft({ title: 'As it was' });
    await scene.runAll({ documentId }, 'submit', 'approve', 'reject');
    await scene.edit({ documentId }, { title: 'As it is' });
    await scene.runAll({ documentId }, 'submit');
    await changed({ states: finalReview });
    expect(await scene.state({ documentId })).toBe('review');
    const list = await api.get(`/documents/${PAGE}?documentIds=${documentId}`);
    expect(list.body.data.documents[documentId].key).toBe('review');
    await scene.edit({ documentId }, { title: 'As it is' });
    expect(await scene.state({ documentId })).toBe('review');
    await scene.edit({ documentId }, { title: 'Edited' });
    expect(await scene.state({ documentId })).toBe('draft');
  });

  /** Runs it, and answers how many statements the database got meanwhile. */
  const statements = async (work: () => Promise<unknown>): Promise<number> => {
    type World = { statements?: number };
    await scene.app.run((strapi) => {
      const world = globalThis as World;
      if (world.statements === undefined)
        strapi.db.connection.on('query', () => (world.statements = (world.statements ?? 0) + 1));
      world.statements = 0;
    });
    await work();
    return scene.app.run(() => (globalThis as World).statements ?? 0);
  };

  test('approves many documents in pieces, each as it is', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `of-many-${index}`);
    await scene.app.run(
      async (strapi, { uid, documentIds, workflow: id }) => {
        const data = documentIds.map((documentId: string) => {
          return { documentId, title: documentId, publishedAt: null };
        });
        await strapi.db.query(uid).createMany({ data });
        const row = { uid, language: '', workflow: id, state: 'review' };
        await strapi.db.connection.batchInsert(
          'workflow_webhooks_document_states',
          documentIds.map((document: string) => ({ ...row, document, document_id: document })),
          100,
        );
      },
      { uid: PAGE, documentIds: ids, workflow: workflow.id },
    );
    const count = await statements(() => changed({ states: finalReview }));
    expect(count).toBeLessThan(ids.length / 2);
    const ends = [ids[0]!, ids[199]!, ids[200]!, ids[449]!];
    for (const documentId of ends) expect(await scene.state({ documentId })).toBe('review');
    await scene.edit({ documentId: ends[3]! }, { title: 'Edited' });
    expect(await scene.state({ documentId: ends[3]! })).toBe('draft');
    await scene.app.run(
      (strapi, { uid, documentIds }) =>
        strapi.db.query(uid).deleteMany({ where: { documentId: { $in: documentIds } } }),
      { uid: PAGE, documentIds: ids },
    );
  });
});
