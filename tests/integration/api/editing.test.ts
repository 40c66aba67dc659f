/** What administrators manage can be changed: each field of each resource, on each database, over HTTP. */
import { SECRET_FIELDS, type AuthorizationKind } from '../../../server/contract/authorization';
import { reachable } from '../delivery/reachable';
import { Scene } from '../workflow/scene';
import { dataOf, pluginApi, type PluginApi } from './plugin-api';
import { RESOURCES, type Resource } from './resources';

const MASK = '********';
type Fields = Record<string, unknown>;

const secretsOf = ({ path, input }: Resource): readonly string[] => {
  if (path === '/authorizations') return SECRET_FIELDS[input.kind as AuthorizationKind];
  return path === '/replications' ? ['token'] : [];
};

const maskedHeader = (header: unknown) =>
  typeof header === 'object' ? { ...header, value: MASK } : header;

/** What an answer holds of what was sent. */
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
