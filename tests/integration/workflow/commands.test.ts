/** Commands move documents: permissions, allowed states, comments, and notifications. */
import type { Workflow } from '../../../server/contract/workflow';
import { no, PAGE, answering, Scene, YES } from './scene';

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

describe('A document of a type with a workflow', () => {
  test('starts in the initial state, with the commands that lead on from there', async () => {
    const documentId = await scene.draft();
    expect(await scene.view({ documentId })).toMatchObject({
      workflow: { id: workflow.id, name: 'Approval' },
      state: { key: 'draft', name: 'Draft', color: '#4945ff', final: false },
      commands: [{ key: 'submit', name: 'Submit', to: 'review', comment: 'optional' }],
      history: [],
    });
  });

  test('is moved by commands, and its history shows who ran which command when, newest first', async () => {
    const documentId = await scene.draft();
    const answer = await scene.run({ documentId }, 'submit', { comment: 'Please look.' });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({
      state: { key: 'review', name: 'In review', color: '#d9822f', final: false },
      verdicts: [],
      warnings: [],
    });
    await scene.run({ documentId }, 'approve', { comment: 'Good.' });
    const { history, state } = await scene.view({ documentId });
    expect(state?.key).toBe('approved');
    expect(history).toMatchObject([
      { command: 'approve', from: 'review', to: 'approved', comment: 'Good.', outcome: 'moved' },
      { command: 'submit', from: 'draft', to: 'review', comment: 'Please look.' },
    ]);
    expect(history[0]?.actor).toMatchObject({ type: 'admin' });
    expect(new Date(history[0]?.at ?? 0).getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is published on entering a state that says so', async () => {
    const documentId = await scene.draft({ title: 'Online' });
    await scene.runAll({ documentId }, 'submit', 'approve');
    expect(await scene.published({ documentId })).toBeNull();
    await scene.runAll({ documentId }, 'publish');
    expect(await scene.published({ documentId })).toBe('Online');
    expect(await scene.state({ documentId })).toBe('published');
  });
});

describe('A validation', () => {
  test('that says yes lets the document move', async () => {
    await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(YES);
    const documentId = await scene.draft();
    const answer = await scene.run({ documentId }, 'submit');
    expect(answer.body.data).toMatchObject({
      state: { key: 'review' },
      verdicts: [{ webhook: { name: 'check' }, kind: 'allowed', message: '', errors: [] }],
    });
  });

  test('that says no keeps the document where it is, and the editor reads why', async () => {
    await scene.validation(workflow.id, 'submit');
    await scene.validation(workflow.id, 'submit', { path: '/other' });
    scene.receiver.on('/check').answer(no('The title needs a full stop.'));
    scene.receiver.on('/other').answer(
      answering({
        allowed: false,
        message: 'Not so.',
        errors: [{ path: 'title', message: 'Too short.' }],
      }),
    );
    const documentId = await scene.draft();
    const { status, body } = await scene.run({ documentId }, 'submit');
    expect(status).toBe(400);
    expect(body.error.name).toBe('ValidationError');
    expect(body.error.message).toContain('The title needs a full stop.');
    expect(body.error.message).toContain('Not so.');
    expect(body.error.details.verdicts).toHaveLength(2);
    expect(body.error.details.errors).toContainEqual({
      path: ['title'],
      message: 'Too short.',
      name: 'ValidationError',
    });
    expect(await scene.state({ documentId })).toBe('draft');
    const { history } = await scene.view({ documentId });
    expect(history).toMatchObject([{ outcome: 'refused', command: 'submit', from: 'draft' }]);
    expect(history[0]?.verdicts).toHaveLength(2);
  });

  test('is asked in a check without anything being moved', async () => {
    await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(YES);
    const documentId = await scene.draft();
    const answer = await scene.run({ documentId }, 'submit', { dryRun: true });
    expect(answer.body.data).toMatchObject({
      state: { key: 'draft' },
      verdicts: [{ kind: 'allowed' }],
    });
    expect(JSON.parse(scene.receiver.requests[0]?.body ?? '').data.dryRun).toBe(true);
    expect((await scene.view({ documentId })).history).toEqual([]);
  });
});

describe('A submit webhook', () => {
  test('on a state is called for every document that enters it', async () => {
    const webhook = await scene.submit(workflow.id, { state: 'review' });
    const documentId = await scene.draft({ title: 'Told' });
    await scene.runAll({ documentId }, 'submit');
    const [request] = await scene.receiver.waitFor(1, { path: '/notified' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'workflow.transition',
      data: {
        uid: PAGE,
        documentId,
        entry: { title: 'Told' },
        workflow: { id: workflow.id, name: 'Approval' },
        command: { key: 'submit', name: 'Submit' },
        from: { key: 'draft', name: 'Draft', final: false },
        to: { key: 'review', name: 'In review', final: false },
        comment: null,
        dryRun: false,
      },
    });
    expect((await scene.stage.finished(webhook))[0]).toMatchObject({ state: 'delivered' });
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

  test('other users may not', async () => {
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
