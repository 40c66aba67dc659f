/** A new encryption key: values of the previous key are still sent, are encrypted again, and then no longer need the previous key. */
import { Webhook } from 'standardwebhooks';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { startStrapi, type App, type DatabaseKind } from '../../support/strapi';
import { reachable } from '../delivery/reachable';
import { dataOf, hook, makeNotice, pluginApi, settledDelivery, type PluginApi } from './plugin-api';

const KEY_A = 'Canary-encryption-key-of-before';
const KEY_B = 'Canary-encryption-key-of-now';

const SECRETS = {
  header: 'Canary-header',
  query: 'Canary-query',
  token: 'Canary-token',
  password: 'Canary-password',
};
const PLACES = ['header', 'query', 'token', 'password', 'signing'] as const;
type Place = (typeof PLACES)[number];

const onlyA = { env: { ENCRYPTION_KEY: KEY_A }, config: {} };
const onlyB = { env: { ENCRYPTION_KEY: KEY_B }, config: {} };
const bAfterA = { env: onlyB.env, config: { secrets: { previousKeys: ['another', KEY_A] } } };

const RENEWED =
  /(\d+) stored secrets could be read with a previous key only, and were encrypted anew/g;
const UNREADABLE = /(\d+) stored secrets cannot be read with the encryption key of this server/g;

/** A webhook for each place in which a secret may be. */
class Scene {
  readonly ids = new Map<Place, string>();
  signingSecret = '';
  private logsBefore = 0;

  private constructor(
    readonly app: App,
    readonly api: PluginApi,
    readonly receiver: Receiver,
  ) {}

  static async start(database: DatabaseKind): Promise<Scene> {
    const [app, receiver] = await Promise.all([
      startStrapi({ database, ...onlyA }),
      startReceiver(),
    ]);
    const scene = new Scene(app, pluginApi(app), receiver);
    await scene.store();
    return scene;
  }

  async stop() {
    await this.app.stop();
    await this.receiver.stop();
  }

  private authorization = async (input: object): Promise<string> =>
    dataOf(await this.api.post('/authorizations', { name: 'Of the test', ...input })).id;

  private async store() {
    const basic = { kind: 'basic', username: 'ada', password: SECRETS.password };
    const settings: Record<Place, object> = {
      header: { headers: { 'x-key': { value: SECRETS.header, secret: true } } },
      query: { url: this.receiver.url(`/query?key=${SECRETS.query}`) },
      token: { authorization: await this.authorization({ kind: 'bearer', token: SECRETS.token }) },
      password: { authorization: await this.authorization(basic) },
      signing: { signing: 'standard' },
    };
    for (const place of PLACES) {
      const input = hook(this.receiver.url(`/${place}`), { name: place, ...settings[place] });
      this.ids.set(place, dataOf(await this.api.post('/webhooks', input)).id);
    }
    // Rotated, so that two secrets sign: that of the overlap must come along.
    const rotated = await this.api.post(`/webhooks/${this.ids.get('signing')}/secret`);
    this.signingSecret = dataOf(rotated).secret;
  }

  async restart(changes: typeof onlyA) {
    this.logsBefore = this.app.logs().length;
    await this.app.restart(changes);
    this.receiver.clear();
  }

  /** Searches only the log of this start. */
  logged(pattern: RegExp): string[] {
    const logs = this.app.logs().slice(this.logsBefore);
    return [...logs.matchAll(pattern)].map(([, count = '']) => count);
  }

  /** One delivery for each webhook, settled, by place. */
  async deliver() {
    await makeNotice(this.app);
    return Promise.all(
      PLACES.map((place) =>
        settledDelivery(this.api, this.ids.get(place) as string, 'delivered', 'dead'),
      ),
    );
  }

  got(place: Place): Received {
    const found = this.receiver.requests.find(({ path }) => path === `/${place}`);
    if (!found) throw new Error(`Nothing came to /${place}.`);
    return found;
  }

  async expectAllSent() {
    const states = (await this.deliver()).map(({ state }) => state);
    expect(states).toEqual(PLACES.map(() => 'delivered'));
    expect(this.got('header').headers['x-key']).toBe(SECRETS.header);
    expect(this.got('query').query.key).toBe(SECRETS.query);
    expect(this.got('token').headers.authorization).toBe(`Bearer ${SECRETS.token}`);
    const basic = Buffer.from(`ada:${SECRETS.password}`).toString('base64');
    expect(this.got('password').headers.authorization).toBe(`Basic ${basic}`);
    const { headers, body } = this.got('signing');
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    new Webhook(this.signingSecret).verify(body, headers);
  }
}

const total = '6';

describe('on SQLite', () => {
  let scene: Scene;
  let changedAt: string[];

  const times = async () =>
    [...dataOf(await scene.api.get('/webhooks')), ...dataOf(await scene.api.get('/authorizations'))]
      .map(({ updatedAt }) => updatedAt)
      .sort();

  beforeAll(async () => {
    scene = await Scene.start('sqlite');
  });
  afterAll(() => scene?.stop());

  it('with the key that it was stored with, everything is sent', async () => {
    await scene.expectAllSent();
    changedAt = await times();
  });

  it('with another key alone nothing is sent: the deliveries are dead, and say what to do', async () => {
    await scene.restart(onlyB);
    const deliveries = await scene.deliver();
    for (const { id, state } of deliveries) {
      const { attempts } = dataOf(await scene.api.get(`/deliveries/${id}`));
      expect([state, attempts[0].outcome]).toEqual(['dead', 'auth']);
      expect(attempts[0].error).toMatch(/cannot be read with the encryption key.*ENCRYPTION_KEY/);
    }
    expect(scene.receiver.requests).toEqual([]);
  });

  it('and says so once at the start, not at every look', async () => {
    expect(scene.logged(UNREADABLE)).toEqual([total]);
    expect(scene.logged(/(Unable to decrypt)/g)).toEqual([]);
  });

  it('with the old key among the previous ones everything is sent, as it was', async () => {
    await scene.restart(bAfterA);
    expect(scene.logged(RENEWED)).toEqual([total]);
    expect(scene.logged(UNREADABLE)).toEqual([]);
    await scene.expectAllSent();
  });

  it('and nothing that an administrator sees has changed', async () => {
    expect(await times()).toEqual(changedAt);
    const webhook = dataOf(await scene.api.get(`/webhooks/${scene.ids.get('header')}`));
    expect(webhook.headers).toEqual({ 'x-key': { value: '********', secret: true } });
    const actions = dataOf(await scene.api.get('/audit?pageSize=100')).map(
      ({ action }: { action: string }) => action,
    );
    expect(actions).not.toContain('changed');
  });

  it('then the old key can be taken out', async () => {
    await scene.restart(onlyB);
    expect([...scene.logged(RENEWED), ...scene.logged(UNREADABLE)]).toEqual([]);
    await scene.expectAllSent();
  });

  it('a second start with the old key still there finds nothing left to do', async () => {
    await scene.restart(bAfterA);
    expect(scene.logged(RENEWED)).toEqual([]);
  });

  it('no key and no secret is in anything that was logged or answered', async () => {
    const answers = await Promise.all(
      ['/webhooks', '/authorizations', '/deliveries?pageSize=100', '/audit'].map((path) =>
        scene.api.get(path),
      ),
    );
    const output = scene.app.logs() + JSON.stringify(answers.map(({ body }) => body));
    expect(output).toContain('encrypted anew');
    expect(output).not.toContain('Canary');
  });
});

describe('previous keys without a key of now', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.start('sqlite');
    const env = { ENCRYPTION_KEY: '', PLAYGROUND_WITHOUT_ENCRYPTION_KEY: '1' };
    await scene.restart({ env, config: bAfterA.config });
  });
  afterAll(() => scene?.stop());

  it('are read with', async () => {
    expect([...scene.logged(RENEWED), ...scene.logged(UNREADABLE)]).toEqual([]);
    await scene.expectAllSent();
  });

  it('and nothing is stored', async () => {
    const input = { kind: 'bearer', name: 'Of the test', token: 'x' };
    expect((await scene.api.post('/authorizations', input)).status).toBe(400);
  });
});

/** SQLite is for one process. */
describe.each(reachable('postgres', 'mysql'))('two Strapis on %s', (database) => {
  let scene: Scene;
  let other: App | undefined;

  beforeAll(async () => {
    scene = await Scene.start(database);
  });
  afterAll(async () => {
    await other?.stop();
    await scene?.stop();
  });

  /** The environment with which a second Strapi uses the data of the first. */
  const sameDatabase = async (): Promise<Record<string, string>> => {
    const connection = await scene.app.run((strapi) =>
      strapi.config.get('database.connection.connection'),
    );
    const { host, port, user, password, database: name } = connection as Record<string, string>;
    return {
      DATABASE_CLIENT: database,
      DATABASE_HOST: `${host}`,
      DATABASE_PORT: `${port}`,
      DATABASE_USERNAME: `${user}`,
      DATABASE_PASSWORD: `${password}`,
      DATABASE_NAME: `${name}`,
    };
  };

  it('that start at once encrypt everything anew once, and both can read it', async () => {
    const env = { ...bAfterA.env, ...(await sameDatabase()) };
    [other] = await Promise.all([
      startStrapi({ config: bAfterA.config, env }),
      scene.restart(bAfterA),
    ]);
    const counts = [...other.logs().matchAll(RENEWED)].map(([, count]) => count);
    expect([...counts, ...scene.logged(RENEWED)]).toEqual([total]);
    await scene.expectAllSent();
    await scene.restart(onlyB);
    await scene.expectAllSent();
  });
});
