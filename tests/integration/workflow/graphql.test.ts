/** Strapi's generic APIs: none publishes past a workflow, and none reads or writes what the plugin stores. */
import ownTypes from '../../../server/content-types';
import { makeApiToken } from '../../support/strapi-accounts';
import { Scene } from './scene';

const OWN_UIDS = Object.keys(ownTypes).map((name) => `plugin::workflow-webhooks.${name}`);

let scene: Scene;
let workflowId: string;
let apiToken: string;

beforeAll(async () => {
  scene = await Scene.start({ env: { PLAYGROUND_WITH_GRAPHQL: '1' } });
  workflowId = (await scene.makeWorkflow()).id;
  apiToken = await scene.app.run(makeApiToken);
});
afterAll(() => scene.stop());

/** `contentApi` adds /api; GraphQL lives beside it. */
const graphql = (query: string) =>
  scene.app.request('POST', '/graphql', { query }, { token: apiToken });
const mutate = (text: string) => graphql(`mutation { ${text} }`);

const errorOf = ({ body }: { body: any }) => body.errors?.[0]?.message ?? '';

test('a page that is created through GraphQL is not published past its workflow', async () => {
  const answer = await mutate('createPage(data: { title: "Sneaked in" }) { documentId }');
  expect(errorOf(answer)).toMatch(/starts in the state "Draft".*Run "Submit"/);
});

test('nor is a page that is updated through it', async () => {
  const documentId = await scene.draft({ title: 'Held' });
  const answer = await mutate(
    `updatePage(documentId: "${documentId}", data: { title: "Out" }) { documentId }`,
  );
  expect(errorOf(answer)).toMatch(/"Held" cannot be published: it is in the state "Draft"/);
  expect(await scene.published({ documentId })).toBeNull();
});

test('but a draft may be saved', async () => {
  const answer = await mutate(
    'createPage(status: DRAFT, data: { title: "A draft" }) { documentId title }',
  );
  expect(answer.body.data.createPage.title).toBe('A draft');
});

test('the GraphQL schema names none of the types of the plugin', async () => {
  const schema = await scene.app.run((strapi): string => {
    const { printSchema } = require('graphql');
    return printSchema(strapi.plugin('graphql').service('content-api').buildSchema());
  });
  expect(schema).toContain('createPage');
  expect(schema.split('\n').filter((line) => /workflow_?webhooks/i.test(line))).toEqual([]);
});

test('GraphQL has no mutation that changes the state of a document', async () => {
  const answer = await mutate(
    'createWorkflowWebhooksDocumentState(data: { uid: "x" }) { documentId }',
  );
  expect(errorOf(answer)).toMatch(/Cannot query field/);
});

describe.each(OWN_UIDS)('%s', (uid) => {
  const managed = `/content-manager/collection-types/${uid}`;
  const id = () => (uid.endsWith('.workflow') ? workflowId : 'abcdefghijklmnopqrstuvwx');

  test('is not there for the Content Manager', async () => {
    const calls: [string, string, object?][] = [
      ['GET', managed],
      ['GET', `${managed}/${id()}`],
      ['POST', managed, { name: 'Mine' }],
      ['PUT', `${managed}/${id()}`, { name: 'Mine' }],
      ['DELETE', `${managed}/${id()}`],
      ['POST', `${managed}/actions/bulkDelete`, { documentIds: [id()] }],
      ['GET', `/content-manager/single-types/${uid}`],
      ['GET', `/content-manager/relations/${uid}/createdBy`],
      ['GET', `/content-manager/relations/${uid}/${id()}/createdBy`],
      ['GET', `/content-manager/content-types/${uid}/configuration`],
    ];
    for (const [method, path, sent] of calls) {
      const { status, body } = await scene.app.request(method, path, sent);
      // Strapi itself refuses to write a hidden type, with 403.
      expect(method === 'GET' ? [404] : [403, 404]).toContain(status);
      expect({ data: null, error: body.error }).toEqual(body);
    }
  });

  test('is not there for imports and other code that reads and writes any type', async () => {
    for (const action of [
      'findMany',
      'findOne',
      'findFirst',
      'count',
      'create',
      'update',
      'delete',
    ]) {
      const call = scene.app.run(
        (strapi, args) =>
          strapi.documents(args.uid)[args.action]({ documentId: args.id, data: { name: 'Mine' } }),
        { uid, action, id: id() },
      );
      await expect(call).rejects.toMatchObject({
        name: 'PolicyError',
        details: { code: 'plugin-type-has-no-documents', params: { uid } },
      });
    }
  });

  test('is not there for the content API, and the Content-Type Builder does not change it', async () => {
    const { singularName, pluralName } = Object.values(ownTypes).find(
      ({ schema }) => uid === `plugin::workflow-webhooks.${schema.info.singularName}`,
    )!.schema.info;
    for (const path of [pluralName, `workflow-webhooks/${pluralName}`, singularName])
      expect((await scene.app.contentApi('GET', `/${path}`)).status).toBe(404);
    const builder = `/content-type-builder/content-types/${uid}`;
    const put = await scene.app.request('PUT', builder, { contentType: {} });
    const removed = await scene.app.request('DELETE', builder);
    expect([put.status, removed.status]).toEqual([403, 403]);
  });
});

test("Strapi's home page and model routes, which ask about all types, still answer", async () => {
  for (const path of [
    '/content-manager/homepage/recent-documents?action=update',
    '/content-manager/homepage/count-documents',
    '/content-manager/init',
    '/content-manager/content-types-settings',
  ])
    expect([path, (await scene.app.request('GET', path)).status]).toEqual([path, 200]);
});

test('no generic route that takes the type from its body or query reads its rows', async () => {
  const uid = 'plugin::workflow-webhooks.workflow';
  const calls: [string, string, object?][] = [
    ['POST', '/content-manager/uid/generate', { contentTypeUID: uid, field: 'name', data: {} }],
    [
      'POST',
      '/content-manager/uid/check-availability',
      { contentTypeUID: uid, field: 'name', value: 'Approval' },
    ],
    [
      'POST',
      '/i18n/content-manager/actions/get-non-localized-fields',
      { model: uid, id: 1, locale: 'en' },
    ],
  ];
  for (const [method, path, sent] of calls) {
    const { status, body } = await scene.app.request(method, path, sent);
    expect([path, status, body.data]).toEqual([path, 400, null]);
  }
});

test('nothing of all this has changed the workflow', async () => {
  expect(await scene.stage.api('GET', `/workflows/${workflowId}`)).toMatchObject({
    name: 'Approval',
  });
});
