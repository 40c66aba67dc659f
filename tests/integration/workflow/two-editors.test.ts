/** Two editors at the same document: one moves it, the other gets a message, and nothing is done halfway. */
import type { Workflow } from '../../../server/contract/workflow';
import type { Admin, Answer } from '../../support/strapi';
import { ARTICLE, no, PAGE, Scene, YES } from './scene';

const BUDGET = 4000;
const CM = `/content-manager/collection-types/${PAGE}`;

let scene: Scene;
let workflow: Workflow;
let grace: Admin;

beforeAll(async () => {
  scene = await Scene.start({ config: { validation: { budget: BUDGET, timeout: BUDGET } } });
  grace = await scene.app.createAdmin('strapi-editor');
  await scene.app.run(async (strapi, id) => {
    await strapi.db
      .query('admin::user')
      .update({ where: { id }, data: { firstname: 'Grace', lastname: 'Editor' } });
  }, grace.id);
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow();
});
afterEach(() => scene.clear());

/** An endpoint that says yes when it is let. */
const heldEndpoint = (path = '/check') => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  scene.receiver.on(path).answer(async () => {
    await held;
    return YES;
  });
  return {
    asked: (count = 1) => scene.receiver.waitFor(count, { path }),
    release,
  };
};

const outcomes = async (documentId: string) =>
  (await scene.view({ documentId })).history.map(({ outcome, command }) => `${outcome} ${command}`);

/** Runs a command, does something while its validation waits, and lets the endpoint allow the command. */
const runWhile = async (
  documentId: string,
  command: string,
  meanwhile: () => Promise<unknown>,
): Promise<Answer> => {
  const endpoint = heldEndpoint();
  const running = scene.run({ documentId }, command);
  await endpoint.asked();
  await meanwhile();
  endpoint.release();
  return running;
};

const fromCode = (documentId: string, action: string, data?: object) =>
  scene.app.run(
    async (strapi, { uid, ...args }) => {
      await strapi.documents(uid)[args.action]({ documentId: args.documentId, data: args.data });
    },
    { uid: PAGE, documentId, action, data },
  );

describe('If two editors run a command at the same moment,', () => {
  test('one gets the name of the other, and the endpoint is called once', async () => {
    await scene.validation(workflow.id, 'submit');
    const documentId = await scene.draft();
    const endpoint = heldEndpoint();
    const running = scene.run({ documentId }, 'submit', {}, grace);
    await endpoint.asked();
    expect((await scene.view({ documentId })).busy).toEqual({
      by: 'Grace Editor',
      command: 'Submit',
    });
    const late = await scene.run({ documentId }, 'submit');
    expect(late.status).toBe(400);
    expect(late.body.error.message).toMatch(
      /^Grace Editor is running "Submit" on this document at this moment\. Nothing was changed/,
    );
    endpoint.release();
    expect((await running).status).toBe(200);
    const { state, busy } = await scene.view({ documentId });
    expect({ state: state?.key, busy }).toEqual({ state: 'review', busy: null });
    expect(await outcomes(documentId)).toEqual(['moved submit']);
    expect(scene.stage.calls('/check')).toHaveLength(1);
  });

  test('one of them moves the document, with endpoints and without', async () => {
    const submitted = await scene.submit(workflow.id, { command: 'submit' });
    const race = async () => {
      const documentId = await scene.draft();
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          scene.run({ documentId }, 'submit', {}, index % 2 ? grace : scene.app),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
      for (const { status, body } of answers)
        if (status === 400)
          expect(body.error.message).toMatch(
            /is running "Submit"|has moved this document to "In review"|does not start from "In review"/,
          );
      expect(await outcomes(documentId)).toEqual(['moved submit']);
    };
    await race();
    await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer({ ...YES, delayMs: 300 });
    await race();
    expect(scene.stage.calls('/check')).toHaveLength(1);
    expect(await scene.stage.finished(submitted)).toHaveLength(2);
  });

  test('neither is in the way of other documents', async () => {
    await scene.validation(workflow.id, 'submit');
    const [one, other] = [await scene.draft(), await scene.draft()];
    const endpoint = heldEndpoint();
    const both = [one, other].map((documentId) => scene.run({ documentId }, 'submit'));
    await endpoint.asked(2);
    endpoint.release();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('While a validation is asked', () => {
  test('a document that is edited is not moved: what was checked is not what it says now', async () => {
    const webhook = await scene.validation(workflow.id, 'submit');
    const submitted = await scene.submit(workflow.id, { state: 'review' });
    const documentId = await scene.draft({ title: 'Checked' });
    const { status, body } = await runWhile(documentId, 'submit', () =>
      scene.app.request('PUT', `${CM}/${documentId}`, { title: 'Edited meanwhile' }),
    );
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/was changed while it was being checked.*Nothing was moved/);
    expect(await scene.state({ documentId })).toBe('draft');
    expect(await outcomes(documentId)).toEqual([]);
    expect(await scene.stage.deliveries(submitted)).toEqual([]);
    // The call was made and answered, so it is in the log.
    expect(await scene.stage.deliveries(webhook)).toMatchObject([{ verdict: 'allowed' }]);
    await scene.runAll({ documentId }, 'submit');
    expect(await outcomes(documentId)).toEqual(['moved submit']);
  });

  test('a document that somebody publishes past the workflow is not moved as well', async () => {
    await scene.validation(workflow.id, 'submit');
    const documentId = await scene.draft();
    const { status, body } = await runWhile(documentId, 'submit', () =>
      scene.stage.api('POST', `/documents/${PAGE}/${documentId}/bypass`, { comment: 'Now.' }),
    );
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/Someone else has moved this document to "Published"/);
    expect(await scene.state({ documentId })).toBe('published');
    expect(await outcomes(documentId)).toEqual(['bypassed null']);
  });

  test('a document without a workflow that code publishes is not published again', async () => {
    await scene.validation('publication', 'publish', { contentTypes: [ARTICLE] });
    const place = { uid: ARTICLE, documentId: await scene.draft({ title: 'News' }, ARTICLE) };
    const endpoint = heldEndpoint();
    const running = scene.run(place, 'publish');
    await endpoint.asked();
    scene.receiver.on('/check').answer(YES);
    await scene.app.run(async (strapi, { uid, documentId }) => {
      await strapi.documents(uid).publish({ documentId });
    }, place);
    endpoint.release();
    const { status, body } = await running;
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/has moved this document to "Published" in the meantime/);
    expect((await scene.view(place)).history).toHaveLength(1);
  });

  test('a document that is deleted is gone, and leaves nothing behind', async () => {
    await scene.validation(workflow.id, 'submit');
    const documentId = await scene.draft();
    const { status } = await runWhile(documentId, 'submit', () => fromCode(documentId, 'delete'));
    expect(status).toBe(404);
    const { usage } = await scene.stage.api<Workflow>('GET', `/workflows/${workflow.id}`);
    expect(usage.documents).toEqual({});
  });
});

describe('A move that cannot be finished', () => {
  test('changes nothing: a publication that Strapi refuses leaves state, history and receivers alone', async () => {
    const webhook = await scene.validation(workflow.id, 'publish');
    scene.receiver.on('/check').answer(YES);
    const submitted = [
      await scene.submit(workflow.id, { state: 'published' }),
      await scene.submit(workflow.id, { command: 'publish' }),
      await scene.stage.makeWebhook({
        path: '/events',
        events: ['workflow.*', 'entry.publish'],
        contentTypes: [],
      }),
    ];
    const documentId = await scene.draft({ title: null });
    await scene.runAll({ documentId }, 'submit', 'approve');
    const notified = (await scene.stage.finished(submitted[2]!)).length;
    const { status, body } = await scene.run({ documentId }, 'publish');
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/title/);
    const { state, history, busy } = await scene.view({ documentId });
    expect({ state: state?.key, busy }).toEqual({ state: 'approved', busy: null });
    expect(history.map(({ command }) => command)).toEqual(['approve', 'submit']);
    expect(await scene.published({ documentId })).toBeNull();
    const stored = await Promise.all(submitted.map((one) => scene.stage.deliveries(one)));
    expect(stored.map(({ length }) => length)).toEqual([0, 0, notified]);
    expect(await scene.stage.deliveries(webhook)).toMatchObject([{ verdict: 'allowed' }]);
    await scene.edit({ documentId }, { title: 'Now it has one' });
    await scene.runAll({ documentId }, 'submit', 'approve', 'publish');
    expect(await scene.published({ documentId })).toBe('Now it has one');
  });

  /** Runs a command in a transaction of the project's own code, which then throws. */
  const rolledBack = (documentId: string) =>
    scene.app
      .run(
        async (strapi, place) => {
          await strapi.db.transaction(async () => {
            await strapi
              .plugin('workflow-webhooks')
              .service('workflows')
              .run(place, { command: 'submit' });
            throw new Error('The import failed later.');
          });
        },
        { uid: PAGE, documentId },
      )
      .catch((error: Error) => error.message);

  test('is no move if the transaction around it is rolled back: no state, no history, no event', async () => {
    const submitted = await scene.submit(workflow.id, { state: 'review' });
    const documentId = await scene.draft();
    expect(await rolledBack(documentId)).toBe('The import failed later.');
    expect(await scene.state({ documentId })).toBe('draft');
    expect(await outcomes(documentId)).toEqual([]);
    expect(await scene.stage.deliveries(submitted)).toEqual([]);
    await scene.runAll({ documentId }, 'submit');
    expect(await scene.stage.finished(submitted)).toHaveLength(1);
  });

  test('but a refusal stays in the history, even if the transaction around it is rolled back', async () => {
    const webhook = await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(no('Not yet.'));
    const documentId = await scene.draft();
    expect(await rolledBack(documentId)).toBe('check: Not yet.');
    expect(await scene.stage.finished(webhook)).toMatchObject([{ verdict: 'refused' }]);
    expect(await outcomes(documentId)).toEqual(['refused submit']);
  });
});

test('A refusal is what the editor reads, even if the document cannot be unlocked afterwards', async () => {
  const rename = (from: string, to: string) =>
    scene.app.run((strapi, names) => strapi.db.connection.schema.renameTable(...names), [from, to]);
  const table = 'workflow_webhooks_document_states';
  await scene.validation(workflow.id, 'submit');
  const documentId = await scene.draft();
  scene.receiver.on('/check').answer(async () => {
    await rename(table, 'elsewhere');
    return no('Not yet.');
  });
  const answer = await scene.run({ documentId }, 'submit');
  await rename('elsewhere', table);
  expect([answer.status, answer.body.error.message]).toEqual([400, 'check: Not yet.']);
  expect(scene.app.logs()).toContain('stays locked until its lock ends');
  expect(await outcomes(documentId)).toEqual(['refused submit']);
});

describe('After a crash', () => {
  test('a document is free again, since SQLite serves one process and that one is gone', async () => {
    await scene.validation(workflow.id, 'submit');
    const documentId = await scene.draft();
    scene.receiver.on('/check').answer('hang');
    const lost = scene.run({ documentId }, 'submit').catch(() => 'lost');
    await scene.receiver.waitFor(1, { path: '/check' });
    await scene.app.kill();
    expect(await lost).toBe('lost');
    await scene.app.restart();
    scene.receiver.on('/check').answer(YES);
    expect((await scene.view({ documentId })).busy).toBeNull();
    await scene.runAll({ documentId }, 'submit');
    expect(await outcomes(documentId)).toEqual(['moved submit']);
  });
});
