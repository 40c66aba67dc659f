/** Requests that the panel never sends: wrong ids, wrong shapes, prototypes, huge and broken bodies. None causes a server error. */
import { startStrapi, type Answer, type App } from '../../support/strapi';
import { hook, NOTICE, pluginApi, postRaw, problemsOf, type PluginApi } from './plugin-api';

const URL = 'https://example.com/hook';

let app: App;
let api: PluginApi;

beforeAll(async () => {
  app = await startStrapi();
  api = pluginApi(app);
});
afterAll(() => app?.stop());

describe('a hostile request', () => {
  const errorOf = ({ status, body }: Answer) => ({
    status,
    data: body?.data,
    error: body?.error?.name,
  });

  it.each([
    ['/webhooks/%00'],
    ['/webhooks/%2e%2e%2fauthorizations'],
    ['/webhooks/%E0%A4%A'],
    ['/webhooks/%ff%fe'],
    ['/webhooks/null'],
    ['/webhooks/__proto__'],
    ['/webhooks/constructor'],
    ['/webhooks/1%20or%201=1'],
    [`/webhooks/${'x'.repeat(5000)}`],
    ['/authorizations/%00'],
    ['/authorizations/-1'],
    ['/deliveries/%00'],
    ['/deliveries/-1'],
    ['/deliveries/1.5'],
    ['/deliveries/1e3'],
    ['/deliveries/2147483648'],
    ['/deliveries/99999999999999999999'],
    ['/deliveries/NaN'],
    ['/deliveries/evt_019a'],
    ['/workflows/%00'],
    ['/documents/api::page.page/%00'],
    ['/documents/api::page.page/__proto__'],
    ['/documents/__proto__/x'],
    ['/documents/admin::user/1'],
  ])('for %s finds nothing', async (path) => {
    expect(errorOf(await api.get(path))).toEqual({
      status: 404,
      data: null,
      error: 'NotFoundError',
    });
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"webhook"'],
    ['a number', '5'],
    ['nothing', ''],
    ['null', 'null'],
    ['no JSON', '{"name":'],
    ['a prototype', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'],
    ['a prototype in headers', `{"name":"A","headers":{"__proto__":"x"}}`],
    ['lone surrogates alone', '{"name":"\\ud800"}'],
  ])('whose body is %s is refused', async (_, body) => {
    expect(errorOf(await postRaw(app, body))).toMatchObject({ status: 400, data: null });
  });

  it('whose body is a form is refused', async () => {
    const answer = await postRaw(app, 'name=A&url[]=1', 'application/x-www-form-urlencoded');
    expect(errorOf(answer)).toMatchObject({ status: 400, data: null });
  });

  it('whose body is larger than Strapi takes is refused', async () => {
    const answer = await postRaw(app, JSON.stringify(hook(URL, { name: 'x'.repeat(2_000_000) })));
    expect(errorOf(answer)).toMatchObject({ status: 413, data: null });
  });

  it.each([
    ['/deliveries?state=sold', 'state.0'],
    ['/deliveries?state[]=dead', 'state'],
    ['/deliveries?from=yesterday', 'from'],
    ['/deliveries?to=2026-13-01T00:00:00Z', 'to'],
    ['/deliveries?event[$ne]=x', 'event'],
    ['/deliveries?webhook[]=x', 'webhook'],
    ['/deliveries?documentId[a][b]=x', 'documentId'],
    ['/deliveries?sort=request', 'sort'],
    ['/deliveries?sort=__proto__', 'sort'],
    ['/deliveries?sort=constructor:asc', 'sort'],
    ['/deliveries?page=1e400', 'page'],
    ['/deliveries?pageSize=-1', 'pageSize'],
    ['/deliveries?event=%00', 'event'],
    ['/webhooks?search=%00', 'search'],
    ['/authorizations?sort=secrets:desc', 'sort'],
    ['/authorizations?sort=fields', 'sort'],
    [`/authorizations?search=${'x'.repeat(201)}`, 'search'],
  ])('for %s is refused at %s', async (path, place) => {
    expect(problemsOf(await api.get(path))).toEqual({ [place]: expect.any(String) });
  });

  it.each([
    [{}, 'states'],
    [{ states: [] }, 'states'],
    [{ states: 'dead' }, 'states'],
    [{ states: ['sold'] }, 'states.0'],
    [{ states: ['dead'], webhook: { $ne: null } }, 'webhook'],
    [{ states: ['dead'], from: 5 }, 'from'],
    [{ states: ['dead'], where: '1=1' }, ''],
  ])('to resend %j is refused', async (body, place) => {
    expect(problemsOf(await api.post('/deliveries/resend', body))).toEqual({
      [place]: expect.any(String),
    });
  });

  it.each([
    [{ event: 'entry.sneeze' }, 'event', /no event "entry.sneeze"/],
    [{ event: '__proto__' }, 'event', /no event/],
    [{ uid: 'api::nothing.nothing' }, 'uid', /no content type/],
    [{ uid: 'constructor' }, 'uid', /no content type/],
    [{ uid: 'admin::user' }, 'uid', /no content type/],
    [{ uid: NOTICE, documentId: 'nobody' }, 'documentId', /no document "nobody"/],
    [{ uid: NOTICE, documentId: { $ne: null } }, 'documentId', /text/],
    [{ format: 'yaml' }, 'format', /"standard"/],
    [{ serialization: 'yaml' }, 'serialization', /"json"/],
    [{ contentTypes: NOTICE }, 'contentTypes', /list/],
    [{ url: 'http://10.0.0.1/' }, '', /"url"/],
  ])('to preview %j is refused', async (body, place, message) => {
    expect(problemsOf(await api.post('/webhooks/preview', body))).toEqual({
      [place]: expect.stringMatching(message),
    });
  });

  it('for a method that a path does not have is refused', async () => {
    expect((await app.request('PATCH', '/workflow-webhooks/webhooks')).status).toBe(405);
  });
});

it('leaves nothing saved, and no error of the server in its log', async () => {
  expect((await api.get('/webhooks')).body.meta.pagination.total).toBe(0);
  expect(app.logs()).not.toMatch(/RangeError|TypeError|SqliteError|ValidationError/);
});
