/** Each resource's errors carry a code that programs can rely on, whatever their messages say. */
import { permissionUid } from '../../../server/contract/names';
import type { Admin, Answer } from '../../support/strapi';
import { PAGE, Scene } from '../workflow/scene';
import { dataOf, pluginApi, type PluginApi } from './plugin-api';
import { tomorrow } from './resources';

type Entry = [path: string, code: string];

/** The status, the code, and the codes of the entries by path. */
const codesOf = ({ status, body }: Answer) => ({
  status,
  code: body.error?.details?.code,
  params: body.error?.details?.params as unknown,
  entries: (body.error?.details?.errors ?? []).map(
    ({ path, code }: { path: string[]; code: string }): Entry => [path.join('.'), code],
  ),
});
const error = (status: number, code: string, entries: Entry[] = []) => ({
  ...{ status, code, entries },
  params: expect.any(Object),
});
const invalid = (...entries: Entry[]) => error(400, 'invalid', entries);

const HOOK = { name: 'A', url: 'https://example.com/hook' };
const REPLICATION = { name: 'A', destination: 'https://example.com/admin', token: 'secret' };
const WORKFLOW = {
  name: 'A',
  contentTypes: [PAGE],
  initialState: 'draft',
  states: [{ key: 'draft', name: 'Draft', final: true }],
  commands: [],
};

let scene: Scene;
let api: PluginApi;
let guest: Admin;

beforeAll(async () => {
  scene = await Scene.start();
  api = pluginApi(scene.app);
  guest = await scene.app.createAdmin([permissionUid('audit.read')]);
});
afterAll(() => scene?.stop());
afterEach(() => scene.clear());

const asGuest = (method: string, path: string, body?: unknown) =>
  guest.request(method, `/workflow-webhooks${path}`, body);

describe('What does not fit', () => {
  test.each<[string, object, Entry[]]>([
    ['/webhooks', { ...HOOK, name: undefined }, [['name', 'required']]],
    ['/webhooks', { ...HOOK, rateLimit: 2000 }, [['rateLimit', 'too-large']]],
    ['/webhooks', { ...HOOK, more: 1 }, [['', 'unknown-key']]],
    [
      '/webhooks',
      { ...HOOK, contentTypes: ['api::no.no'] },
      [['contentTypes.0', 'content-type-unknown']],
    ],
    ['/webhooks', { ...HOOK, locales: ['xx'] }, [['locales.0', 'locale-unknown']]],
    ['/webhooks', { ...HOOK, authorization: 'no' }, [['authorization', 'authorization-unknown']]],
    [
      '/webhooks',
      { ...HOOK, headers: { 'x-a': { value: '********', secret: true } } },
      [['headers.x-a', 'header-secret-missing']],
    ],
    ['/webhooks/preview', { event: 'no.event' }, [['event', 'event-unknown']]],
    ['/authorizations', { kind: 'bearer', name: 1, token: 'a' }, [['name', 'wrong-type']]],
    [
      '/authorizations',
      { kind: 'bearer', name: 'A', token: '********' },
      [['token', 'secret-missing']],
    ],
    ['/workflows', { ...WORKFLOW, name: 'a'.repeat(300) }, [['name', 'too-long']]],
    ['/replications', { ...REPLICATION, token: undefined }, [['token', 'required']]],
    ['/deliveries/resend', {}, [['states', 'required']]],
    [
      '/schedules',
      { uid: PAGE, documentId: 'none', publishAt: tomorrow(1) },
      [['documentId', 'schedule-without-document']],
    ],
  ])('POST %s of %j', async (path, body, entries) => {
    expect(codesOf(await api.post(path, body))).toEqual(invalid(...entries));
  });

  test.each([
    ['/webhooks?sort=secret', 'sort', 'sort-unknown'],
    ['/authorizations?pageSize=1000', 'pageSize', 'too-large'],
    ['/workflows?page=0', 'page', 'too-small'],
    ['/audit?subject=nothing', 'subject', 'invalid-value'],
    ['/deliveries?sort=secret', 'sort', 'sort-of-deliveries-unknown'],
    ['/statistics?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from', 'range-reversed'],
  ])('GET %s', async (path, at, code) => {
    expect(codesOf(await api.get(path))).toEqual(invalid([at, code]));
  });
});

describe('What is not there', () => {
  test.each([
    ['GET', '/webhooks/none'],
    ['DELETE', '/webhooks/none'],
    ['POST', '/webhooks/none/enable'],
    ['POST', '/webhooks/none/secret'],
    ['POST', '/webhooks/none/test'],
    ['GET', '/authorizations/none'],
    ['POST', '/authorizations/none/check'],
    ['GET', '/workflows/none'],
    ['DELETE', '/schedules/none'],
    ['GET', '/replications/none'],
    ['POST', '/replications/none/run'],
    ['GET', '/replications/none/runs'],
    ['GET', '/deliveries/99999'],
    ['POST', '/deliveries/99999/resend'],
  ])('%s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined;
    const answer = await scene.app.request(method, `/workflow-webhooks${path}`, body);
    expect(codesOf(answer)).toEqual(error(404, 'not-found'));
  });

  test('public keys of a webhook that does not sign', async () => {
    const answer = await scene.app.contentApi('GET', '/workflow-webhooks/public-keys/none');
    expect(codesOf(answer)).toEqual(error(404, 'public-keys-none'));
  });
});

describe('What another save came before', () => {
  test.each([
    ['/webhooks', HOOK],
    ['/authorizations', { kind: 'bearer', name: 'A', token: 'secret' }],
    ['/workflows', WORKFLOW],
    ['/replications', REPLICATION],
  ])('PUT %s', async (path, body) => {
    const { id } = dataOf(await api.post(path, body));
    const answer = await api.put(`${path}/${id}`, { ...body, updatedAt: '2020-01-01T00:00:00Z' });
    expect(codesOf(answer)).toEqual(error(409, 'conflict'));
    dataOf(await api.remove(`${path}/${id}`));
  });
});

describe('What cannot be done now', () => {
  test('deleting an authorization that a webhook sends', async () => {
    const { id } = dataOf(
      await api.post('/authorizations', { kind: 'bearer', name: 'A', token: 'secret' }),
    );
    const hook = dataOf(await api.post('/webhooks', { ...HOOK, authorization: id }));
    expect(codesOf(await api.remove(`/authorizations/${id}`))).toEqual(
      error(400, 'authorization-in-use'),
    );
    dataOf(await api.remove(`/webhooks/${hook.id}`));
    dataOf(await api.remove(`/authorizations/${id}`));
  });

  test('deleting a workflow that a webhook is bound to', async () => {
    const { id } = dataOf(await api.post('/workflows', WORKFLOW));
    const hook = dataOf(
      await api.post('/webhooks', { ...HOOK, kind: 'submit', workflow: id, state: 'draft' }),
    );
    expect(codesOf(await api.remove(`/workflows/${id}`))).toEqual(error(400, 'workflow-in-use'));
    dataOf(await api.remove(`/webhooks/${hook.id}`));
    dataOf(await api.remove(`/workflows/${id}`));
  });

  test('cancelling a replication that does not run', async () => {
    const { id } = dataOf(await api.post('/replications', REPLICATION));
    expect(codesOf(await api.post(`/replications/${id}/cancel`))).toEqual(
      error(400, 'replication-not-running'),
    );
    dataOf(await api.remove(`/replications/${id}`));
  });

  test('rotating the secret of a webhook that does not sign', async () => {
    const { id } = dataOf(await api.post('/webhooks', { ...HOOK, signing: 'none' }));
    expect(codesOf(await api.post(`/webhooks/${id}/secret`))).toEqual(
      invalid(['signing', 'webhook-unsigned']),
    );
    dataOf(await api.remove(`/webhooks/${id}`));
  });
});

describe('What a role may not do', () => {
  test.each([
    ['GET', '/content-types', 'may-not-choose'],
    ['GET', '/workflows/choices', 'may-not-choose'],
    ['GET', '/schedules', 'may-not-read-schedules'],
    ['DELETE', '/schedules/none', 'may-not-read-schedules'],
    ['POST', '/schedules', 'may-not-schedule'],
  ])('%s %s', async (method, path, code) => {
    expect(codesOf(await asGuest(method, path, method === 'POST' ? {} : undefined))).toEqual(
      error(403, code),
    );
  });

  test('testing a webhook that is not saved', async () => {
    const body = { webhook: HOOK, sample: {} };
    expect(codesOf(await asGuest('POST', '/webhooks/test', body))).toEqual(
      error(403, 'may-not-test-unsaved'),
    );
  });
});
