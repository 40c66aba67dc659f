/** A key in the query of a webhook's URL: sent unchanged, stored encrypted, shown as a mask. */
import { existsSync, readFileSync } from 'node:fs';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { startStrapi, type Answer, type App } from '../../support/strapi';
import {
  dataOf,
  hook,
  makeNotice,
  pluginApi,
  problemsOf,
  settledDelivery,
  type PluginApi,
} from './plugin-api';

const MASK = '********';
const CANARY = 'Canary/Query+Key~=1';
const WRITTEN = 'Canary%2FQuery%2BKey~%3D1';

let app: App;
let api: PluginApi;
let receiver: Receiver;
const answers: string[] = [];

const kept = async (asked: Promise<Answer>) => {
  const answer = await asked;
  answers.push(JSON.stringify([answer.body, [...answer.headers]]));
  return answer;
};

beforeAll(async () => {
  [app, receiver] = await Promise.all([
    startStrapi({ config: { delivery: { schedule: [0, 10] } } }),
    startReceiver(),
  ]);
  const plain = pluginApi(app);
  api = {
    get: (path) => kept(plain.get(path)),
    post: (path, body) => kept(plain.post(path, body)),
    put: (path, body) => kept(plain.put(path, body)),
    remove: (path) => kept(plain.remove(path)),
  };
});
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
});

const make = async (url: string, more: object = {}) =>
  dataOf(await api.post('/webhooks', hook(url, more)));

/** Creates a notice, and returns the request about it at a path. */
const nextRequest = async (path: string): Promise<Received> => {
  const { title } = await makeNotice(app);
  const [request] = await receiver.waitFor(({ body }) => body.includes(title), { path });
  return request as Received;
};

describe('the query of a URL', () => {
  it('arrives as it was entered, and is shown with a mask for each value', async () => {
    const made = await make(receiver.url(`/arrives?token=${WRITTEN}&team=web&empty=&bare`));
    const shown = receiver.url(`/arrives?token=${MASK}&team=${MASK}&empty=&bare`);
    expect(made.url).toBe(shown);
    expect(dataOf(await api.get(`/webhooks/${made.id}`)).url).toBe(shown);
    expect((await nextRequest('/arrives')).query).toEqual({
      token: CANARY,
      team: 'web',
      empty: '',
      bare: '',
    });
  });

  it('is kept where its masks come back, by name and occurrence', async () => {
    const made = await make(receiver.url('/kept?a=one&b=long-enough&a=two'));
    const moved = receiver.url(`/moved?b=${MASK}&a=${MASK}&c=new&a=${MASK}`);
    const changed = dataOf(await api.put(`/webhooks/${made.id}`, hook(moved)));
    expect(changed.url).toBe(receiver.url(`/moved?b=${MASK}&a=${MASK}&c=${MASK}&a=${MASK}`));
    await nextRequest('/moved');
    // Checked on the stored URL: the receiver keeps the last of two parameters with one name.
    receiver.clear();
    const only = receiver.url(`/moved?a=${MASK}`);
    dataOf(await api.put(`/webhooks/${made.id}`, hook(only)));
    expect((await nextRequest('/moved')).query).toEqual({ a: 'one' });
  });

  it('is kept by a change of something else', async () => {
    const { id, url } = await make(receiver.url(`/unchanged?token=${WRITTEN}`));
    dataOf(await api.put(`/webhooks/${id}`, hook(url, { name: 'Renamed' })));
    expect((await nextRequest('/unchanged')).query).toEqual({ token: CANARY });
  });

  it('is refused with a mask that stands for nothing', async () => {
    const url = receiver.url(`/nothing?token=${MASK}`);
    const refused = { url: expect.stringMatching(/"token".*Enter the value/) };
    expect(problemsOf(await api.post('/webhooks', hook(url)))).toEqual(refused);
    const { id } = await make(receiver.url('/nothing?key=something'));
    expect(problemsOf(await api.put(`/webhooks/${id}`, hook(url)))).toEqual(refused);
  });

  it('is searched by its names, and not by its values', async () => {
    await make(receiver.url('/searched?where=needle-in-the-hay'));
    const found = async (text: string) =>
      dataOf(await api.get(`/webhooks?search=${encodeURIComponent(text)}`)).length;
    expect(await found('/searched?where=')).toBe(1);
    expect(await found('needle')).toBe(0);
  });

  it('does not hide from the guard where the webhook calls', async () => {
    const url = 'http://169.254.169.254/latest?token=abc';
    expect(problemsOf(await api.post('/webhooks', hook(url)))).toEqual({ url: expect.any(String) });
  });
});

describe('what is recorded', () => {
  const echo = (status: number) => (request: Received) => ({
    status,
    headers: { 'x-echo': encodeURIComponent(JSON.stringify(request.query)) },
    body: JSON.stringify(request.query),
  });

  it.each([
    [200, 'delivered'],
    [500, 'dead'],
  ])(
    'of an attempt that is answered %s shows masks, in the URL and in an echo',
    async (status, state) => {
      const path = `/echo-${status}`;
      receiver.on(path).answer(echo(status));
      const url = receiver.url(`${path}?token=${WRITTEN}&page=1`);
      const { id } = await make(url, { maxAttempts: 2 });
      await nextRequest(path);
      const delivery = await settledDelivery(api, id, state);
      const { attempts } = dataOf(await api.get(`/deliveries/${delivery.id}`));
      for (const { request, response } of attempts) {
        expect(request.url).toBe(receiver.url(`${path}?token=${MASK}&page=${MASK}`));
        expect(response.body).toBe(JSON.stringify({ token: MASK, page: '1' }));
      }
      const tested = dataOf(await api.post(`/webhooks/${id}/test`, {}));
      expect(tested.request.url).toBe(receiver.url(`${path}?token=${MASK}&page=${MASK}`));
      expect(tested.response.body).toContain(MASK);
      dataOf(await api.remove(`/webhooks/${id}`));
    },
  );

  it('of a call that was never made shows masks, too', async () => {
    receiver.on('/reset').answer('reset');
    const { id } = await make(receiver.url(`/reset?token=${WRITTEN}`));
    const { request, error } = dataOf(await api.post(`/webhooks/${id}/test`, {}));
    expect(request.url).toBe(receiver.url(`/reset?token=${MASK}`));
    expect(error).toBeTruthy();
    dataOf(await api.remove(`/webhooks/${id}`));
  });

  it('holds no value anywhere: neither in answers nor in logs nor in the database', async () => {
    for (const path of ['/webhooks?pageSize=100', '/deliveries?pageSize=100', '/health']) {
      dataOf(await api.get(path));
    }
    const file: string = await app.run((strapi) =>
      strapi.config.get('database.connection.connection.filename'),
    );
    const bytes = [file, `${file}-wal`]
      .filter((one) => existsSync(one))
      .map((one) => readFileSync(one).toString('utf8'))
      .join('\n');
    expect(bytes).toContain('/arrives?token=');
    for (const text of [answers.join('\n'), app.logs(), bytes]) {
      const forms = [CANARY, WRITTEN, encodeURIComponent(WRITTEN), encodeURIComponent(CANARY)];
      expect(forms.filter((form) => text.includes(form))).toEqual([]);
    }
  });
});

describe('a webhook of before queries were masked', () => {
  const ofBefore = async (path: string) => {
    const { id } = await make(receiver.url(path));
    const url = receiver.url(`${path}?token=${WRITTEN}`);
    await app.run(
      (strapi, { documentId, data }) =>
        strapi.db
          .query('plugin::workflow-webhooks.webhook')
          .update({ where: { documentId }, data }),
      { documentId: id, data: { url, urlSecret: null } },
    );
    return id as string;
  };

  const storedUrl = (id: string): Promise<{ url: string; urlSecret: string | null }> =>
    app.run(
      (strapi, documentId) =>
        strapi.db
          .query('plugin::workflow-webhooks.webhook')
          .findOne({ where: { documentId }, select: ['url', 'urlSecret'] }),
      id,
    );

  it('works as ever, is shown with masks, and is encrypted by its next change', async () => {
    const id = await ofBefore('/of-before');
    const shown = receiver.url(`/of-before?token=${MASK}`);
    const { url } = dataOf(await api.get(`/webhooks/${id}`));
    expect(url).toBe(shown);
    const changed = dataOf(await api.put(`/webhooks/${id}`, hook(url, { name: 'Renamed' })));
    expect(changed.url).toBe(shown);
    expect(await storedUrl(id)).toMatchObject({ url: shown, urlSecret: expect.any(String) });
    expect((await nextRequest('/of-before')).query).toEqual({ token: CANARY });
  });

  it('can still be switched off without an encryption key', async () => {
    const id = await ofBefore('/keyless');
    await app.restart({ env: { PLAYGROUND_WITHOUT_ENCRYPTION_KEY: '1' } });
    const { url } = dataOf(await api.get(`/webhooks/${id}`));
    const off = dataOf(await api.post(`/webhooks/${id}/disable`));
    expect(off).toMatchObject({ enabled: false, url });
    dataOf(await api.put(`/webhooks/${id}`, hook(url)));
    dataOf(await api.post(`/webhooks/${id}/enable`));
    expect((await nextRequest('/keyless')).query).toEqual({ token: CANARY });
  });
});

describe('without an encryption key', () => {
  beforeAll(() => app.restart({ env: { PLAYGROUND_WITHOUT_ENCRYPTION_KEY: '1' } }));

  it('a URL with values in its query is not saved', async () => {
    const url = receiver.url('/refused?token=abc');
    expect(problemsOf(await api.post('/webhooks', hook(url)))).toEqual({
      url: expect.stringMatching(/query.*ENCRYPTION_KEY.*Nothing was saved/),
    });
    expect(dataOf(await api.get('/webhooks?search=refused'))).toEqual([]);
  });

  it('a URL without any is saved as ever', async () => {
    await make(receiver.url('/plain?bare&empty='));
    expect((await nextRequest('/plain')).query).toEqual({ bare: '', empty: '' });
  });

  it('nothing is sent to a URL that cannot be read, and it says so', async () => {
    const [{ id, url }] = dataOf(await api.get('/webhooks?search=unchanged'));
    const { error, request } = dataOf(await api.post(`/webhooks/${id}/test`, {}));
    expect(error).toMatch(/URL.*ENCRYPTION_KEY/);
    expect(request.url).toBe(url);
    dataOf(await api.put(`/webhooks/${id}`, hook(url, { enabled: false })));
  });

  it('and with the key again, what was stored before is called as before', async () => {
    await app.restart({ env: {} });
    const [{ id, url }] = dataOf(await api.get('/webhooks?search=unchanged'));
    dataOf(await api.put(`/webhooks/${id}`, hook(url)));
    expect((await nextRequest('/unchanged')).query).toEqual({ token: CANARY });
  });
});
