/** Validation endpoints: the effect of each answer, or of no answer, on the document and the editor's message. */
import type { DeliveryDetail } from '../../../server/contract/delivery';
import type { UnreadableCode, Verdict } from '../../../server/contract/document';
import type { WebhookInput } from '../../../server/contract/webhook';
import type { Workflow } from '../../../server/contract/workflow';
import type { Step } from '../../support/receiver';
import type { Answer } from '../../support/strapi';
import { ARTICLE, no, PAGE, answering, Scene, YES } from './scene';

/** More than an answer over the loopback address takes on a busy machine, and less than a test may. */
const TIMEOUT = 2500;
const BUDGET = 3500;

/** Only the endpoint that never answers has a short timeout: on a busy machine, the others may be slow. */
const timeoutFor = (step: Step) => (step === 'hang' || step === 'dribble' ? 400 : TIMEOUT);

/** The milliseconds that a message names. */
const waited = (message = '') =>
  Number(/did not answer within ([\d,]+) ms/.exec(message)?.[1]?.replaceAll(',', ''));

let scene: Scene;
let workflow: Workflow;

beforeAll(async () => {
  scene = await Scene.start({ config: { validation: { budget: BUDGET, timeout: TIMEOUT } } });
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow({ contentTypes: [PAGE, ARTICLE] });
});
afterEach(() => scene.clear());

type Wish = Partial<WebhookInput> & { path?: string };
const validate = (wish?: Wish) => scene.validation(workflow.id, 'submit', wish);
const answer = (...steps: Step[]) => scene.receiver.on('/check').answer(...steps);

const verdictsOf = ({ status, body }: Answer): Verdict[] =>
  status === 200 ? body.data.verdicts : body.error.details.verdicts;

/** The calls of a validation as the log has them, oldest first, with their attempts. */
const logged = async (webhook: { id: string }): Promise<DeliveryDetail[]> =>
  Promise.all((await scene.stage.deliveries(webhook)).map((one) => scene.stage.delivery(one)));

const SILENT: [what: string, step: Step, message: RegExp][] = [
  ['hangs', 'hang', /did not answer within \d+ ms/],
  ['breaks the connection', 'reset', /closed the connection/],
  ['answers 500', { status: 500, body: '{"IsValid":true}' }, /answered 500, and only a status of/],
  ['answers 404', 404, /answered 404/],
  ['answers 401', 401, /answered 401: it did not accept the credentials/],
];

const UNREADABLE: [what: string, step: Step, code: UnreadableCode][] = [
  ['answers a byte now and then', 'dribble', 'answer-incomplete'],
  ['answers 204 without a word', 204, 'answer-empty'],
  ['answers nonsense', { status: 200, body: 'Certainly!' }, 'answer-no-object'],
  ['answers 1 for true', { status: 200, body: '{"allowed":1}' }, 'answer-not-boolean'],
  ['answers a web page', { status: 200, body: '<!DOCTYPE html><p>Sign in' }, 'answer-web-page'],
  [
    'says yes and no at once',
    { status: 200, body: '{"IsValid":false,"IsValid":true}' },
    'answer-contradictory',
  ],
  [
    'says yes at the end of 5 MB',
    { status: 200, body: `${' '.repeat(5_000_000)}{"IsValid":true}` },
    'answer-too-long',
  ],
];

describe('An endpoint that', () => {
  test.each(UNREADABLE)(
    '%s gave an unreadable answer, which has this name everywhere, with what was expected',
    async (_what, step, code) => {
      const webhook = await validate({ timeout: timeoutFor(step) });
      answer(step);
      const documentId = await scene.draft();
      const { status, body } = await scene.run({ documentId }, 'submit');
      const expected = /Expected \{ "IsValid": true \} or \{ "allowed": true \}\./;
      expect(status).toBe(400);
      expect(body.error.message).toMatch(/^check gave an unreadable answer: /);
      expect(body.error.details.verdicts).toMatchObject([
        { kind: 'unreadable', code, message: expect.stringMatching(expected), errors: [] },
      ]);
      const { state, history } = await scene.view({ documentId });
      expect(state?.key).toBe('draft');
      expect(history).toMatchObject([{ outcome: 'refused', verdicts: [{ kind: 'unreadable' }] }]);
      expect(await logged(webhook)).toMatchObject([
        { state: 'dead', verdict: 'unreadable', reason: expect.stringMatching(expected) },
      ]);
      const test = await scene.stage.api('POST', `/webhooks/${webhook.id}/test`, {});
      expect(test).toMatchObject({ ok: false, verdict: { kind: 'unreadable', code } });
      await scene.stage.changeWebhook(webhook, { timeout: TIMEOUT });
      answer(YES);
      expect((await scene.run({ documentId }, 'submit')).status).toBe(200);
    },
  );

  test('names fields in the way of its framework marks those of the form', async () => {
    await validate();
    const errors = { Title: ['Too long.'], '$.data.entry.TITLE': ['Too loud.'] };
    answer({ status: 200, body: JSON.stringify({ IsValid: false, errors }) });
    const { body } = await scene.run({ documentId: await scene.draft() }, 'submit');
    expect(body.error.details.errors.slice(1)).toMatchObject([
      { path: ['title'], message: 'Too long.' },
      { path: ['title'], message: 'Too loud.' },
    ]);
  });

  test.each(SILENT)(
    '%s gave no answer: the document stays, everybody reads why, and can try again',
    async (_what, step, message) => {
      const webhook = await validate({ timeout: timeoutFor(step) });
      answer(step);
      const documentId = await scene.draft();
      const { status, body } = await scene.run({ documentId }, 'submit');
      expect(status).toBe(400);
      expect(body.error.message).toMatch(/^check gave no answer: /);
      expect(body.error.message).toMatch(message);
      expect(body.error.details.verdicts).toMatchObject([
        { kind: 'noAnswer', message: expect.stringMatching(message), errors: [] },
      ]);
      const { state, history, busy } = await scene.view({ documentId });
      expect({ state: state?.key, busy }).toEqual({ state: 'draft', busy: null });
      expect(history).toMatchObject([{ outcome: 'refused', verdicts: [{ kind: 'noAnswer' }] }]);
      const [delivery, ...more] = await logged(webhook);
      expect(more).toEqual([]);
      expect(delivery).toMatchObject({
        event: 'workflow.validation',
        state: 'dead',
        verdict: 'noAnswer',
        documentId,
        attemptCount: 1,
        reason: expect.stringMatching(/Run the command again\.$/),
      });
      expect(delivery?.attempts).toHaveLength(1);
      await scene.stage.changeWebhook(webhook, { timeout: TIMEOUT });
      answer(YES);
      expect((await scene.run({ documentId }, 'submit')).status).toBe(200);
    },
  );

  test('redirects gave no answer, and the redirect is not followed', async () => {
    await validate();
    answer({ redirect: scene.receiver.url('/elsewhere') });
    scene.receiver.on('/elsewhere').answer(YES);
    const { body } = await scene.run({ documentId: await scene.draft() }, 'submit');
    expect(body.error.message).toMatch(/answered 302, a redirect, and redirects are not followed/);
    expect(scene.stage.calls('/elsewhere')).toEqual([]);
  });

  test.each([
    [
      'XML to JSON',
      'json',
      '<data><IsValid>false</IsValid><Message>Nein &amp; no</Message></data>',
    ],
    ['JSON to XML', 'xml', '{"isvalid":"False","MESSAGE":"Nein & no"}'],
  ] as const)('answers %s is understood', async (_what, serialization, body) => {
    await validate({ serialization, format: 'sitecore' });
    answer({ status: 201, body });
    const refused = await scene.run({ documentId: await scene.draft() }, 'submit');
    expect(refused.body.error.message).toBe('check: Nein & no');
    expect(verdictsOf(refused)).toMatchObject([{ kind: 'refused', message: 'Nein & no' }]);
  });
});

describe('The webhook decides', () => {
  test('whether no answer lets the document pass, and then says so', async () => {
    await validate({ onError: 'allow' });
    answer(500);
    const documentId = await scene.draft();
    const { status, body } = await scene.run({ documentId }, 'submit');
    expect(status).toBe(200);
    expect(body.data.state.key).toBe('review');
    expect(body.data.warnings).toEqual([
      expect.stringMatching(/^check gave no answer: .*500.*It lets documents pass then\.$/),
    ]);
    const { history } = await scene.view({ documentId });
    expect(history).toMatchObject([{ outcome: 'moved', verdicts: [{ kind: 'noAnswer' }] }]);
    await scene.run({ documentId }, 'reject');
    answer(no('This is an answer.'));
    expect((await scene.run({ documentId }, 'submit')).status).toBe(400);
  });

  test('whether a refusal only warns, or is only recorded', async () => {
    const warner = await validate({ path: '/warns', mode: 'warn' });
    const auditor = await validate({ path: '/audits', mode: 'audit' });
    for (const path of ['/warns', '/audits'])
      scene.receiver.on(path).answer(
        answering({
          allowed: false,
          message: 'No.',
          errors: [{ path: 'title', message: 'Bad.' }],
          warnings: ['Hm.'],
        }),
      );
    const { status, body } = await scene.run({ documentId: await scene.draft() }, 'submit');
    expect(status).toBe(200);
    expect(body.data.warnings).toEqual(['warns: No.', 'warns: title: Bad.', 'warns: Hm.']);
    for (const webhook of [warner, auditor])
      expect(await logged(webhook)).toMatchObject([{ verdict: 'refused', state: 'delivered' }]);
  });

  test('its own timeout, independent of the others', async () => {
    await validate({ path: '/hasty', timeout: 100 });
    await validate({ path: '/usual' });
    await validate({ path: '/slow', timeout: 60_000 });
    scene.receiver.on('/hasty').answer({ ...YES, delayMs: 900 });
    scene.receiver.on('/usual').answer({ ...YES, delayMs: 900 });
    scene.receiver.on('/slow').answer('hang');
    const answered = await scene.run({ documentId: await scene.draft() }, 'submit');
    const said = Object.fromEntries(
      verdictsOf(answered).map(({ webhook, message }) => [webhook.name, message]),
    );
    expect(said).toEqual({
      hasty: expect.stringMatching(/did not answer within/),
      usual: '',
      slow: expect.stringMatching(/did not answer within/),
    });
    // Nobody waits longer than the budget, even if a webhook has a longer timeout.
    expect(waited(said.slow)).toBeGreaterThan(TIMEOUT);
    expect(waited(said.slow)).toBeLessThan(60_000);
  });

  test('nothing about its timeout: then it is the one that is configured', async () => {
    await validate();
    answer('hang');
    const { body } = await scene.run({ documentId: await scene.draft() }, 'submit');
    // A timer may end a moment early.
    expect(waited(body.error.message)).toBeGreaterThan(TIMEOUT - 100);
    expect(waited(body.error.message)).toBeLessThan(BUDGET);
  });
});

describe('All validations of a command', () => {
  test('are called at once with the same document, and each refusal is shown', async () => {
    const paths = ['/a', '/b', '/c', '/d', '/e'];
    const allHere = () => scene.receiver.waitFor(paths.length, { timeoutMs: TIMEOUT * 2 });
    for (const path of paths) {
      await validate({ path });
      scene.receiver.on(path).answer(async () => {
        await allHere();
        return no(`${path} says no.`);
      });
    }
    const documentId = await scene.draft();
    const { body } = await scene.run({ documentId }, 'submit', { comment: 'Please.' });
    expect(body.error.message.split('\n').sort()).toEqual(
      paths.map((path) => `${path.slice(1)}: ${path} says no.`),
    );
    const questions = scene.receiver.requests.map(({ body: text }) => JSON.parse(text));
    expect(new Set(questions.map(({ data }) => data.id)).size).toBe(1);
    expect(questions[0]).toMatchObject({
      type: 'workflow.validation',
      data: { documentId, comment: 'Please.', to: { key: 'review' }, dryRun: false },
    });
  });

  test('are distinguished: allowed, refused and no answer, in message, history, log and health', async () => {
    const webhooks = [
      await validate({ path: '/yes' }),
      await validate({ path: '/no' }),
      await validate({ path: '/nothing' }),
    ];
    scene.receiver.on('/yes').answer(YES);
    scene.receiver.on('/no').answer(no('Too short.'));
    scene.receiver.on('/nothing').answer(500);
    const documentId = await scene.draft();
    const { body } = await scene.run({ documentId }, 'submit');
    expect(body.error.message.split('\n').sort()).toEqual([
      'no: Too short.',
      'nothing gave no answer: It answered 500, and only a status of 200 to 299 counts as an answer.',
    ]);
    const kinds = ['allowed', 'noAnswer', 'refused'];
    const [entry] = (await scene.view({ documentId })).history;
    expect(entry?.verdicts.map(({ kind }) => kind).sort()).toEqual(kinds);
    const rows = (await Promise.all(webhooks.map(logged))).flat();
    expect(rows.map(({ state, verdict }) => `${verdict} ${state}`)).toEqual([
      'allowed delivered',
      'refused delivered',
      'noAnswer dead',
    ]);
    const health = (await scene.stage.health()).webhooks;
    expect(webhooks.map(({ id }) => health.find((one) => one.id === id)?.verdicts)).toEqual([
      { allowed: 1, refused: 0, noAnswer: 0, unreadable: 0 },
      { allowed: 0, refused: 1, noAnswer: 0, unreadable: 0 },
      { allowed: 0, refused: 0, noAnswer: 1, unreadable: 0 },
    ]);
  });

  test('are only those that are enabled and meant', async () => {
    const onlyArticles = await validate({ path: '/articles', contentTypes: [ARTICLE] });
    await validate({ path: '/french', locales: ['fr'] });
    await validate({
      path: '/news',
      contentTypes: [PAGE, ARTICLE],
      filter: { field: 'entry.title', op: 'startsWith', value: 'News' },
    });
    // The same moment in another offset: as text it would be later, and the document would pass unasked.
    await validate({
      path: '/before-noon',
      contentTypes: [ARTICLE],
      filter: { field: 'entry.embargoUntil', op: 'lt', value: '2026-06-01T02:00:00-12:00' },
    });
    await validate({ path: '/off', enabled: false });
    await scene.validation(workflow.id, 'approve', { path: '/approve' });
    for (const path of ['/articles', '/before-noon', '/french', '/news', '/off', '/approve'])
      scene.receiver.on(path).answer(YES);
    const asked = async (place: { uid: string; documentId: string; locale?: string }) => {
      const { status } = await scene.run(place, 'submit');
      const paths = scene.receiver.requests.map(({ path }) => path).sort();
      scene.receiver.requests.length = 0;
      return { status, paths };
    };
    const page = await scene.draft({ title: 'News of today' });
    const english = await scene.draft({ title: 'Olds' }, ARTICLE, 'en');
    const french = await scene.draft(
      { title: 'News', embargoUntil: '2026-06-01T12:00:00.000Z' },
      ARTICLE,
      'fr',
    );
    // A page has no locale, so a choice of locales does not leave it out.
    const pagePaths = ['/french', '/news'];
    expect(await asked({ uid: PAGE, documentId: page })).toEqual({ status: 200, paths: pagePaths });
    expect(await asked({ uid: ARTICLE, documentId: english, locale: 'en' })).toEqual({
      status: 200,
      paths: ['/articles'],
    });
    expect(await asked({ uid: ARTICLE, documentId: french, locale: 'fr' })).toEqual({
      status: 200,
      paths: ['/articles', '/before-noon', '/french', '/news'],
    });
    await scene.stage.changeWebhook(onlyArticles, { enabled: false });
    const another = await scene.draft({ title: 'Olds' }, ARTICLE, 'en');
    expect(await asked({ uid: ARTICLE, documentId: another, locale: 'en' })).toEqual({
      status: 200,
      paths: [],
    });
  });
});
