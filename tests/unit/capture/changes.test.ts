/** The difference between two versions of a document. */
import { changesOf } from '../../../server/capture/events';
import type { Attribute, ContentModel } from '../../../server/strapi/model/content-model';
import { deep } from '../store/deep';
import { model, type } from './shapes';

const component = (uid: string, attributes: Record<string, Attribute>) =>
  model({ uid, modelType: 'component', attributes });

const MODELS: Record<string, ContentModel> = {
  'shared.link': component('shared.link', {
    label: { type: 'string' },
    target: { type: 'relation', relation: 'oneToOne', target: 'api::page.page' },
  }),
  'shared.seo': component('shared.seo', {
    settings: { type: 'json' },
    mime: { type: 'string' },
    documentId: { type: 'string' },
    image: { type: 'media' },
    pages: { type: 'relation', relation: 'oneToMany', target: 'api::page.page' },
    links: { type: 'component', component: 'shared.link', repeatable: true },
  }),
};

const changes = (attribute: Attribute, from: unknown, to: unknown) =>
  changesOf({ field: from }, { field: to }, type({ field: attribute }, MODELS));

it.each([
  ['string', 'a', 'a'],
  ['string', null, undefined],
  ['json', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }],
  ['datetime', new Date(5), new Date(5)],
])('a %s is the same as itself, whatever the order of its keys', (type, from, to) => {
  expect(changes({ type }, from, to)).toEqual([]);
});

it.each([
  ['string', '', null],
  ['json', [1, 2], [2, 1]],
  ['boolean', false, null],
  ['biginteger', '9007199254740993', '9007199254740992'],
])('a %s that differs is told as it is', (type, from, to) => {
  expect(changes({ type }, from, to)).toEqual([{ field: 'field', from, to }]);
});

it('tells related documents once each, by what outlives publishing', () => {
  const from = [
    { id: 1, documentId: 'x', title: 'draft' },
    { id: 2, documentId: 'x', title: 'published' },
  ];
  expect(changes({ type: 'relation' }, from, [{ id: 9, documentId: 'x' }])).toEqual([]);
  expect(changes({ type: 'relation' }, from, [])).toEqual([
    { field: 'field', from: [{ documentId: 'x' }], to: [] },
  ]);
});

it('tells polymorphic relations with their type, and rows without documents by id', () => {
  expect(
    changes({ type: 'relation' }, null, [
      { __type: 'api::a.a', documentId: 'x' },
      { __type: 'api::b.b', documentId: 'x' },
      { id: 7 },
    ])[0]?.to,
  ).toEqual([
    { documentId: 'x', __type: 'api::a.a' },
    { documentId: 'x', __type: 'api::b.b' },
    { id: 7 },
  ]);
});

it('does not take new row ids of components for changes, nor two equal items for one', () => {
  const item = (id: number) => ({ id, label: 'x', target: { id: id * 10, documentId: 'd' } });
  const attribute = { type: 'component', component: 'shared.link', repeatable: true };
  expect(changes(attribute, [item(1)], [item(2)])).toEqual([]);
  expect(changes(attribute, [item(1)], [item(2), item(3)])).toHaveLength(1);
});

it('names no attribute that Strapi keeps for itself, and none that neither version has', () => {
  const attributes = { updatedAt: { type: 'datetime' }, title: { type: 'string' } };
  expect(changesOf({ updatedAt: 1 }, { updatedAt: 2 }, type(attributes))).toEqual([]);
});

/** Values whose shape alone is ambiguous: a component's row, a related document, a file, a list of them. */
const CONTENT: [string, unknown, unknown][] = [
  ['an id', { id: 1, kind: 'video' }, { id: 2, kind: 'video' }],
  ['an id alone', { id: 1 }, { id: 2 }],
  ['a document id', { documentId: 'a', note: 'x' }, { documentId: 'a', note: 'y' }],
  [
    'what looks like a file',
    { documentId: 'a', mime: 'image/png', size: 1 },
    { documentId: 'a', mime: 'image/png', size: 2 },
  ],
  ['a list with the same twice', [{ documentId: 'a' }, { documentId: 'a' }], [{ documentId: 'a' }]],
  ['an id deep inside', { list: [{ deep: { id: 1 } }] }, { list: [{ deep: { id: 2 } }] }],
  ['a component name', { __component: 'a.b', id: 1 }, { __component: 'a.b', id: 2 }],
];

describe.each(CONTENT)('JSON with %s is content', (_what, from, to) => {
  const seo = (id: number, settings: unknown) => ({ id, settings, mime: null, documentId: null });
  const bare = (settings: unknown) => ({ settings, mime: null, documentId: null });

  it('in a field of its own', () => {
    expect(changes({ type: 'json' }, from, to)).toEqual([{ field: 'field', from, to }]);
  });

  it('in a component, whose own row id is none', () => {
    const attribute = { type: 'component', component: 'shared.seo' };
    expect(changes(attribute, seo(1, from), seo(2, from))).toEqual([]);
    expect(changes(attribute, seo(1, from), seo(1, to))).toEqual([
      { field: 'field', from: bare(from), to: bare(to) },
    ]);
  });

  it('in a dynamic zone', () => {
    const attribute = { type: 'dynamiczone', components: ['shared.seo'] };
    const zone = (id: number, settings: unknown) => [
      { __component: 'shared.seo', ...seo(id, settings) },
    ];
    expect(changes(attribute, zone(1, from), zone(2, from))).toEqual([]);
    expect(changes(attribute, zone(1, from), zone(1, to))).toEqual([
      {
        field: 'field',
        from: [{ __component: 'shared.seo', ...bare(from) }],
        to: [{ __component: 'shared.seo', ...bare(to) }],
      },
    ]);
  });
});

it('takes an attribute of a component for what its model says, whatever its name', () => {
  const attribute = { type: 'component', component: 'shared.seo' };
  const from = { id: 1, documentId: 'a', mime: 'text/plain', settings: null };
  const to = { ...from, id: 2, mime: 'text/html' };
  expect(changes(attribute, from, to)).toEqual([
    {
      field: 'field',
      from: { documentId: 'a', mime: 'text/plain', settings: null },
      to: { documentId: 'a', mime: 'text/html', settings: null },
    },
  ]);
});

it('tells files and related documents inside components by reference, at every depth', () => {
  const attribute = { type: 'component', component: 'shared.seo' };
  const file = { id: 3, documentId: 'f', name: 'a.png', url: '/a.png', mime: 'image/png', size: 1 };
  const from = {
    id: 1,
    image: file,
    pages: [
      { id: 5, documentId: 'p', title: 'draft' },
      { id: 6, documentId: 'p', title: 'published' },
    ],
    links: [{ id: 7, label: 'x', target: { id: 5, documentId: 'p', title: 'draft' } }],
  };
  expect(changes(attribute, from, null)).toEqual([
    {
      field: 'field',
      from: {
        image: { id: 3, documentId: 'f', name: 'a.png', url: '/a.png' },
        pages: [{ documentId: 'p' }],
        links: [{ label: 'x', target: { documentId: 'p' } }],
      },
      to: null,
    },
  ]);
});

it.each([2_000, 10_000])('compares JSON that is nested %d deep', (depth) => {
  const attribute = { type: 'json' };
  expect(changes(attribute, { a: deep(depth) }, { a: deep(depth) })).toEqual([]);
  expect(changes(attribute, { a: deep(depth) }, { a: deep(depth, 'other') })).toHaveLength(1);
});

describe('what is private', () => {
  const SECRETS: Record<string, ContentModel> = {
    'shared.login': component('shared.login', {
      user: { type: 'string' },
      code: { type: 'password' },
      inner: { type: 'component', component: 'shared.login' },
    }),
  };
  const attributes = {
    notes: { type: 'text', private: true },
    code: { type: 'password' },
    byConfig: { type: 'string' },
    owner: { type: 'relation', private: true, target: 'api::a.a' },
    login: { type: 'component', component: 'shared.login' },
    logins: { type: 'dynamiczone', components: ['shared.login'] },
  };
  const { model, modelOf } = type(attributes, SECRETS);
  const context = { model, modelOf, privateNames: new Set(['byConfig']) };

  it.each<[string, unknown, unknown]>([
    ['notes', 'old-secret', 'new-secret'],
    ['notes', null, 'new-secret'],
    ['code', 'old-secret', 'new-secret'],
    ['byConfig', 'old-secret', 'new-secret'],
    ['owner', { id: 1, documentId: 'old-secret' }, { id: 2, documentId: 'new-secret' }],
    ['login', { user: 'a', code: 'old-secret' }, { user: 'a', code: 'new-secret' }],
    [
      'login',
      { user: 'a', inner: { user: 'b', code: 'old-secret' } },
      { user: 'a', inner: { user: 'b', code: 'new-secret' } },
    ],
    [
      'logins',
      [{ __component: 'shared.login', user: 'a', code: 'old-secret' }],
      [{ __component: 'shared.login', user: 'a', code: 'new-secret' }],
    ],
  ])('names %s without its values where nothing else of it changed', (field, from, to) => {
    const changed = changesOf({ [field]: from }, { [field]: to }, context);
    expect(changed).toStrictEqual([{ field }]);
    expect(changesOf({ [field]: from }, { [field]: from }, context)).toEqual([]);
  });

  it('is left out of the values of a component of which more changed', () => {
    const from = { login: { user: 'a', code: 'old-secret' } };
    const to = { login: { user: 'b', code: 'new-secret' } };
    expect(changesOf(from, to, context)).toStrictEqual([
      { field: 'login', from: { user: 'a' }, to: { user: 'b' } },
    ]);
  });
});
