/** Each field of each resource can be changed over HTTP, on each database. */
import { SECRET_FIELDS, type AuthorizationKind } from '../../../server/contract/authorization';
import { reachable } from '../delivery/reachable';
import { Scene } from '../workflow/scene';
import { dataOf, pluginApi, problemsOf, type PluginApi } from './plugin-api';
import { RESOURCES, type Resource } from './resources';

const MASK = '********';
type Fields = Record<string, unknown>;

const named = (name: string) => RESOURCES.filter(([known]) => known === name);
/** Conflicts are found alike in all webhooks and in all authorizations. */
const ONE_OF_EACH = [
  'an event webhook',
  'a bearer token',
  'a workflow',
  'a schedule',
  'a replication',
].flatMap(named);
/** Those whose only secret may be sent alone. */
const SECRETIVE = /^a (basic|digest) authorization|bearer|API key|client credentials|replication/;
const bearer = named('a bearer token')[0]![1];

const secretsOf = ({ path, input }: Resource): readonly string[] => {
  if (path === '/authorizations') return SECRET_FIELDS[input.kind as AuthorizationKind];
  return path === '/replications' ? ['token'] : [];
};

const maskedHeader = (header: unknown) =>
  typeof header === 'object' ? { ...header, value: MASK } : header;

/** The part of an answer that was sent. */
const shown = (resource: Resource, sent: Fields): Fields => {
  const { moveTo, ...fields } = sent;
  const masked = secretsOf(resource)
    .filter((field) => sent[field] !== null)
    .map((field) => [field, MASK]);
  const headers = Object.entries((sent.headers as object | undefined) ?? {});
  return {
    ...fields,
    ...Object.fromEntries(masked),
    ...(sent.headers
      ? { headers: Object.fromEntries(headers.map(([name, one]) => [name, maskedHeader(one)])) }
      : {}),
    ...(typeof sent.url === 'string' ? { url: sent.url.replace('=secret', `=${MASK}`) } : {}),
  };
};

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let scene: Scene;
  let api: PluginApi;

  beforeAll(async () => {
    scene = await Scene.start({ database });
    api = pluginApi(scene.app);
  });
  afterAll(() => scene?.stop());
  afterEach(() => scene.clear());

  const make = async ({ path, input, creation }: Resource): Promise<{ id: string }> =>
    dataOf(await api.post(path, creation ?? input));

  /** There is no route for a single schedule. */
  const read = async ({ path }: Resource, id: string): Promise<Fields> => {
    if (path !== '/schedules') return dataOf(await api.get(`${path}/${id}`));
    const list: { id: string }[] = dataOf(await api.get(`${path}?pageSize=100`));
    return list.find((one) => one.id === id) ?? {};
  };

  /** The encrypted columns of what is stored. */
  const encrypted = ({ path }: Resource, id: string): Promise<string | null> =>
    scene.app.run(
      async (strapi, where) => {
        const [name, key] =
          where.path === '/replications'
            ? ['replication', 'jobId']
            : ['authorization', 'documentId'];
        const row = await strapi.db
          .query(`plugin::workflow-webhooks.${name}`)
          .findOne({ where: { [key]: where.id } });
        return row && JSON.stringify(row.secrets ?? row.token);
      },
      { path, id },
    );

  test.each(RESOURCES.filter(([name]) => SECRETIVE.test(name)))(
    'a secret of %s that is entered anew is stored, and its mask keeps it',
    async (_, of) => {
      const resource = await of({ scene, api });
      const { id } = await make(resource);
      const secret = secretsOf(resource)[0] ?? '';
      const put = async (value: unknown) =>
        dataOf(await api.put(`${resource.path}/${id}`, { ...resource.input, [secret]: value }));
      const before = await encrypted(resource, id);
      await put(MASK);
      expect(await encrypted(resource, id)).toBe(before);
      await put(resource.input[secret]);
      expect(await encrypted(resource, id)).not.toBe(before);
    },
  );

  test.each(RESOURCES)(
    'each field of %s can be changed, and nothing else changes',
    async (_, of) => {
      const resource = await of({ scene, api });
      const { id } = await make(resource);
      expect(await read(resource, id)).toMatchObject(shown(resource, resource.input));
      let sent = resource.input;
      for (const step of resource.steps) {
        sent = { ...sent, ...step };
        const answer = await api.put(`${resource.path}/${id}`, sent);
        expect({ step, status: answer.status, error: answer.body.error }).toMatchObject({
          status: 200,
          error: undefined,
        });
        expect(answer.body.data).toMatchObject(shown(resource, sent));
        expect(await read(resource, id)).toMatchObject(shown(resource, sent));
      }
      expect(neverChanged(resource)).toEqual([]);
    },
  );

  test.each(ONE_OF_EACH)('the audit trail contains every change of %s', async (_, of) => {
    const resource = await of({ scene, api });
    const { id } = await make(resource);
    const [step = {}] = resource.steps;
    // With masks: the panel sends them for secrets that it does not change.
    const sent = shown(resource, { ...resource.input, ...step });
    const put = () => api.put(`${resource.path}/${id}`, sent);
    dataOf(await put());
    // The save changes nothing, so the audit trail does not record it.
    dataOf(await put());
    dataOf(await api.remove(`${resource.path}/${id}`));
    const type = resource.path.slice(1, -1);
    const entries = dataOf(await api.get(`/audit?subject=${type}&id=${id}`));
    const actor = { type: 'admin', name: 'Ada Admin' };
    const subject = { type, id, name: expect.stringMatching(/./) };
    const ended = type === 'schedule' ? 'cancelled' : 'deleted';
    expect(entries).toMatchObject([
      { action: ended, actor, subject, fields: [] },
      { action: 'changed', actor, subject, fields: Object.keys(step) },
      { action: 'created', actor, subject, fields: [] },
    ]);
  });

  /** Made, and the body of a PUT that changes its first field. */
  const opened = async (resource: Resource) => {
    const { id } = await make(resource);
    const { updatedAt } = await read(resource, id);
    const path = `${resource.path}/${id}`;
    const put = (body: Fields) => api.put(path, body);
    const [first = {}, second = {}] = resource.steps;
    return {
      id,
      updatedAt,
      put,
      first: { ...resource.input, ...first },
      second: { ...resource.input, ...second },
    };
  };

  test.each(ONE_OF_EACH)(
    'a PUT of %s from a version that was changed since says who changed it and when, and changes nothing',
    async (_, of) => {
      const resource = await of({ scene, api });
      const { id, updatedAt, put, first, second } = await opened(resource);
      expect(updatedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      const saved = dataOf(await put({ ...first, updatedAt }));
      const before = await read(resource, id);
      expect(before.updatedAt).toBe(saved.updatedAt);
      const { status, body } = await put({ ...second, updatedAt });
      expect({ status, ...body }).toEqual({
        status: 409,
        data: null,
        error: {
          status: 409,
          name: 'ConflictError',
          message: expect.stringContaining('Ada Admin'),
          details: {
            code: 'conflict',
            params: {
              actor: { type: 'admin', id: expect.anything(), name: 'Ada Admin' },
              updatedAt: saved.updatedAt,
            },
          },
        },
      });
      expect(await read(resource, id)).toEqual(before);
      dataOf(await put({ ...second, updatedAt: body.error.details.params.updatedAt }));
      dataOf(await put(first));
    },
  );

  test.each(ONE_OF_EACH)('one of two simultaneous PUTs of %s wins', async (_, of) => {
    const { updatedAt, put, first, second } = await opened(await of({ scene, api }));
    const answers = await Promise.all([
      put({ ...first, updatedAt }),
      put({ ...second, updatedAt }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test.each(ONE_OF_EACH)('many PUTs of %s that name no version are all taken', async (_, of) => {
    const { put, first } = await opened(await of({ scene, api }));
    const answers = await Promise.all(Array.from({ length: 4 }, () => put(first)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('a version that is no time is refused', async () => {
    const { put, first } = await opened(await bearer({ scene, api }));
    expect(problemsOf(await put({ ...first, updatedAt: 'yesterday' }))).toEqual({
      updatedAt: expect.stringMatching(/Expected the "updatedAt"/),
    });
  });

  describe('a webhook', () => {
    const wish = { name: 'A webhook', url: 'http://127.0.0.1:9/' };
    const path = (id: string, ...rest: string[]) => ['/webhooks', id, ...rest].join('/');
    const makeHook = async (more: object = {}) =>
      dataOf(await api.post('/webhooks', { ...wish, ...more }));

    test.each([true, false])('stays as it is when a PUT says otherwise: %s', async (enabled) => {
      const { id } = await makeHook({ enabled });
      const put = { ...wish, enabled: !enabled };
      expect(dataOf(await api.put(path(id), put)).enabled).toBe(enabled);
      expect(dataOf(await api.put(path(id), wish)).enabled).toBe(enabled);
      expect(dataOf(await api.get(path(id))).enabled).toBe(enabled);
    });

    test('is switched by two routes, which are in the trail and are no conflict for an open form', async () => {
      const { id, updatedAt } = await makeHook();
      for (const [route, enabled] of [
        ['disable', false],
        ['disable', false],
        ['enable', true],
        ['enable', true],
      ] as const) {
        const answer = dataOf(await api.post(path(id, route)));
        expect(answer).toMatchObject({ id, enabled, updatedAt });
        expect(dataOf(await api.get(path(id)))).toEqual(answer);
      }
      const trail = dataOf(await api.get(path(id, 'audit')));
      expect(trail).toMatchObject([
        { action: 'changed', fields: ['enabled'], actor: { name: 'Ada Admin' } },
        { action: 'changed', fields: ['enabled'] },
        { action: 'created' },
      ]);
      expect(dataOf(await api.put(path(id), { ...wish, updatedAt })).enabled).toBe(true);
    });

    test('whose secret was rotated is no conflict for an open form', async () => {
      const { id, updatedAt } = await makeHook({ signing: 'standard' });
      dataOf(await api.post(path(id, 'secret')));
      dataOf(await api.put(path(id), { ...wish, signing: 'standard', updatedAt }));
    });

    test('that is not there cannot be switched', async () => {
      for (const route of ['enable', 'disable'])
        expect((await api.post(path('nobody', route))).status).toBe(404);
    });

    test('that refers to what is gone cannot be enabled, and says why', async () => {
      const { id: workflow } = await scene.makeWorkflow();
      const { id } = await makeHook({
        kind: 'validation',
        workflow,
        command: 'submit',
        enabled: false,
      });
      await scene.app.run(async (strapi, documentId) => {
        await strapi.db
          .query('plugin::workflow-webhooks.workflow')
          .delete({ where: { documentId } });
      }, workflow);
      expect(problemsOf(await api.post(path(id, 'enable')))).toEqual({
        workflow: expect.stringMatching(/no such workflow/),
      });
      expect(dataOf(await api.get(path(id))).enabled).toBe(false);
    });
  });
});

/** The schema's fields that no step changes: a new field needs a step of its own. */
function neverChanged(resource: Resource): string[] {
  const changed = new Set(resource.steps.flatMap((step) => Object.keys(step)));
  return resource.fields.filter(
    (field) => !changed.has(field) && !resource.fixed.includes(field) && isOwn(resource, field),
  );
}

/** Whether this kind of webhook has a use for the field. */
function isOwn({ input }: Resource, field: string): boolean {
  if (input.kind === 'event') return !['workflow', 'state', 'command'].includes(field);
  if (input.kind === 'submit') return field !== 'events';
  if (input.kind === 'validation')
    return !['events', 'state', 'rateLimit', 'ordered'].includes(field);
  return true;
}
