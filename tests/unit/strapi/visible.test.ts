/** The parts of a document that may leave, and those that are loaded for events. */
import { isWatched, type ContentModel } from '../../../server/strapi/model/content-model';
import { contentTypeInfo, populateOf, visible } from '../../../server/strapi/model/document-tree';

const model = (uid: string, attributes: ContentModel['attributes'], more: object = {}) =>
  ({
    uid,
    modelName: uid.split('.').pop(),
    modelType: uid.includes('::') ? 'contentType' : 'component',
    info: { displayName: uid },
    attributes,
    ...more,
  }) as ContentModel;

const MODELS: Record<string, ContentModel> = {
  'api::a.a': model(
    'api::a.a',
    {
      title: { type: 'string' },
      notes: { type: 'text', private: true },
      code: { type: 'password' },
      byOption: { type: 'string' },
      byConfig: { type: 'string' },
      seo: { type: 'component', component: 'c.seo' },
      zone: { type: 'dynamiczone', components: ['c.seo'] },
      author: { type: 'relation', relation: 'oneToOne', target: 'api::b.b' },
      gone: { type: 'relation', relation: 'oneToOne', target: 'api::gone.gone' },
      file: { type: 'media', multiple: true },
      hidden: { type: 'relation', relation: 'oneToOne', target: 'api::b.b', private: true },
    },
    {
      options: { draftAndPublish: true, privateAttributes: ['byOption'] },
      pluginOptions: { i18n: { localized: true } },
    },
  ),
  'api::b.b': model('api::b.b', {
    name: { type: 'string' },
    email: { type: 'email', private: true },
  }),
  'c.seo': model('c.seo', {
    text: { type: 'string' },
    remark: { type: 'string', private: true },
    links: { type: 'component', component: 'c.link', repeatable: true },
  }),
  'c.link': model('c.link', { label: { type: 'string' }, secret: { type: 'password' } }),
};
const A = MODELS['api::a.a'] as ContentModel;
const context = { modelOf: (uid: string) => MODELS[uid], privateNames: new Set(['byConfig']) };

it('is a document without its private and password attributes, however deep they sit', () => {
  const seo = { id: 5, text: 'T', remark: 'no', links: [{ id: 6, label: 'L', secret: 'no' }] };
  const cleanSeo = { id: 5, text: 'T', links: [{ id: 6, label: 'L' }] };
  const author = { id: 2, documentId: 'b', name: 'Ada', email: 'no' };
  const row = {
    id: 1,
    documentId: 'a',
    title: 'T',
    notes: 'no',
    code: 'no',
    byOption: 'no',
    byConfig: 'no',
    seo,
    zone: [
      { __component: 'c.seo', ...seo },
      { __component: 'c.unknown', id: 9, x: 'no' },
    ],
    author,
    hidden: author,
    gone: { id: 3, documentId: 'g', x: 'no' },
    file: null,
  };
  const before = structuredClone(row);
  expect(visible(row, { ...context, model: A })).toEqual({
    id: 1,
    documentId: 'a',
    title: 'T',
    seo: cleanSeo,
    zone: [{ __component: 'c.seo', ...cleanSeo }, { id: 9 }],
    author: { id: 2, documentId: 'b', name: 'Ada' },
    gone: { id: 3, documentId: 'g' },
    file: null,
  });
  expect(row).toEqual(before);
});

it('is loaded with all that may leave, and nothing that may not', () => {
  const seo = { populate: { links: { populate: {} } } };
  expect(populateOf(A, context)).toEqual({
    seo,
    zone: { on: { 'c.seo': seo } },
    author: true,
    gone: true,
    file: true,
  });
});

it('is described without what may not leave', () => {
  const info = (mainField: string | null) =>
    contentTypeInfo({ model: A, mainField, privateNames: context.privateNames });
  expect(info('title').attributes.map(({ name }) => name)).toEqual([
    'title',
    'seo',
    'zone',
    'author',
    'gone',
    'file',
  ]);
  expect(info('title')).toMatchObject({ hasDraftAndPublish: true, isLocalized: true });
  expect(info('notes').mainField).toBe('title');
  expect(info(null).mainField).toBe('title');
});

it.each<[string, object, boolean]>([
  ['api::a.a', {}, true],
  ['plugin::users-permissions.user', {}, true],
  [
    'plugin::users-permissions.role',
    { pluginOptions: { 'content-manager': { visible: false } } },
    false,
  ],
  ['api::a.hidden', { pluginOptions: { 'content-manager': { visible: false } } }, true],
  ['plugin::shop.order', { pluginOptions: { 'content-manager': { visible: false } } }, true],
  ['plugin::users-permissions.permission', {}, false],
  ['plugin::workflow-webhooks.webhook', {}, false],
  ['plugin::upload.file', {}, false],
  ['admin::user', {}, false],
])('%s %j is watched: %s', (uid, more, expected) => {
  expect(isWatched(model(uid, {}, more))).toBe(expected);
});
