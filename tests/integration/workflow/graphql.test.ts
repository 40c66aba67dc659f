/** GraphQL is one more door, and it publishes by default like REST: the gate stands before it too. */
import { Scene } from './scene';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.start({ env: { PLAYGROUND_WITH_GRAPHQL: '1' } });
  await scene.makeWorkflow();
});
afterAll(() => scene.stop());

/** `contentApi` adds /api; GraphQL lives beside it. */
const mutate = async (text: string) => {
  const token = await scene.app.run(async (strapi) => {
    const made = await strapi
      .service('admin::api-token')
      .create({ name: `t${Date.now()}`, type: 'full-access', lifespan: null });
    return made.accessKey as string;
  });
  return scene.app.request('POST', '/graphql', { query: `mutation { ${text} }` }, { token });
};

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
