/** A validation gets the draft with the form's values over it, as Strapi will save them. */
import type { ContentModel } from '../../../server/strapi/model/content-model';
import { overlay } from '../../../server/workflow/gate/overlay';

const LINK: ContentModel = {
  uid: 'shared.link',
  modelName: 'link',
  modelType: 'component',
  info: { displayName: 'Link' },
  attributes: {
    label: { type: 'string' },
    locale: { type: 'string' },
    code: { type: 'password' },
    settings: { type: 'json' },
    target: { type: 'relation', relation: 'manyToOne', target: 'api::page.page' },
    pages: { type: 'relation', relation: 'oneToMany', target: 'api::page.page' },
    icon: { type: 'media' },
    nested: { type: 'component', component: 'shared.link', repeatable: true },
  },
};
const MODEL: ContentModel = {
  uid: 'api::article.article',
  modelName: 'article',
  modelType: 'contentType',
  info: { displayName: 'Article' },
  attributes: {
    title: { type: 'string' },
    body: { type: 'text' },
    author: { type: 'relation', relation: 'manyToOne', target: 'api::author.author' },
    tags: { type: 'relation', relation: 'manyToMany', target: 'api::tag.tag' },
    updatedAt: { type: 'datetime' },
    link: { type: 'component', component: 'shared.link' },
    links: { type: 'component', component: 'shared.link', repeatable: true },
    zone: { type: 'dynamiczone', components: ['shared.link'] },
  },
};
const TYPE = { model: MODEL, modelOf: (uid: string) => (uid === LINK.uid ? LINK : undefined) };
const DRAFT = {
  title: 'Old',
  body: 'Kept',
  author: { id: 1, documentId: 'a1' },
  tags: [
    { id: 1, documentId: 't1' },
    { id: 2, documentId: 't2' },
  ],
  updatedAt: 'then',
};

test('a field of the form replaces that of the draft, and what the form leaves out stays', () => {
  expect(overlay(DRAFT, { title: 'New' }, TYPE)).toEqual({ ...DRAFT, title: 'New' });
});

test('what is no attribute, and what Strapi keeps for itself, is not taken from a form', () => {
  expect(overlay(DRAFT, { updatedAt: 'now', hack: true }, TYPE)).toEqual(DRAFT);
});

test('connected documents are added, disconnected ones taken away', () => {
  const form = { tags: { connect: [{ documentId: 't3' }], disconnect: [{ documentId: 't1' }] } };
  expect(overlay(DRAFT, form, TYPE).tags).toEqual([
    { id: 2, documentId: 't2' },
    { documentId: 't3' },
  ]);
});

test('an unchanged relation stays as it is', () => {
  const form = { tags: { connect: [], disconnect: [] }, author: { connect: [], disconnect: [] } };
  expect(overlay(DRAFT, form, TYPE)).toEqual(DRAFT);
});

test('a set list takes the place of the one before it, by row, id or document id', () => {
  expect(overlay(DRAFT, { tags: { set: ['t9', 4] } }, TYPE).tags).toEqual([
    { documentId: 't9' },
    { id: 4 },
  ]);
});

test('of a relation to one, the last one counts, and taking it away leaves none', () => {
  const other = { author: { connect: [{ documentId: 'a2' }] } };
  expect(overlay(DRAFT, other, TYPE).author).toEqual({ documentId: 'a2' });
  const none = { author: { disconnect: [{ documentId: 'a1' }] } };
  expect(overlay(DRAFT, none, TYPE).author).toBeNull();
});

describe('in a component', () => {
  const stored = {
    id: 7,
    label: 'Old',
    locale: 'fr',
    code: 'hashed',
    settings: { id: 1, connect: [] },
    target: { id: 1, documentId: 'p1', title: 'Page' },
    pages: [{ id: 1, documentId: 'p1' }],
    icon: { id: 3, documentId: 'f3', mime: 'image/png' },
    nested: [{ id: 8, label: 'Inner', target: { id: 2, documentId: 'p2' } }],
  };
  const untouched = { connect: [], disconnect: [] };
  const form = {
    ...{ id: 7, label: 'New', locale: 'de', settings: { id: 2, connect: [] }, target: untouched },
    pages: { connect: [{ documentId: 'p9' }], disconnect: [] },
    nested: [{ id: 8, label: 'Inner', target: untouched }],
  };
  const { code, icon } = stored;
  const saved = {
    ...stored,
    ...{ label: 'New', locale: 'de', settings: { id: 2, connect: [] }, code, icon },
    pages: [{ id: 1, documentId: 'p1' }, { documentId: 'p9' }],
  };
  const draft = {
    ...DRAFT,
    link: stored,
    links: [stored],
    zone: [{ __component: LINK.uid, ...stored }],
  };

  test('what is stored stays where the form says nothing, and relations are what they become', () => {
    expect(overlay(draft, { link: form }, TYPE).link).toMatchObject({
      ...saved,
      nested: [{ id: 8, label: 'Inner', target: { documentId: 'p2' } }],
    });
  });

  test('items of a list and of a dynamic zone are found by their rows, wherever they moved', () => {
    const links = overlay(draft, { links: [{ label: 'First' }, form] }, TYPE).links as object[];
    expect(links[0]).toMatchObject({ label: 'First', code: null, target: null, pages: [] });
    expect(links[1]).toMatchObject(saved);
    const zone = [{ __component: LINK.uid, ...form }];
    expect(overlay(draft, { zone }, TYPE).zone).toMatchObject([
      { __component: LINK.uid, ...saved },
    ]);
  });

  test('one that is taken away is gone, and one of another kind has nothing of it', () => {
    expect(overlay(draft, { link: null, links: [] }, TYPE)).toMatchObject({
      link: null,
      links: [],
    });
    const zone = [{ __component: 'shared.other', id: 7, label: 'Other' }];
    expect(overlay(draft, { zone }, TYPE).zone).toEqual(zone);
  });
});

test('JSON is always content', () => {
  const model = { ...MODEL, attributes: { data: { type: 'json' } } };
  const data = { connect: [{ id: 1 }], disconnect: [], set: null };
  expect(overlay({ data: 1 }, { data }, { ...TYPE, model })).toEqual({ data });
});

test('a file that is named by its id is the one that is stored', () => {
  const model = {
    ...MODEL,
    attributes: { cover: { type: 'media' }, files: { type: 'media', multiple: true } },
  };
  const file = { id: 3, documentId: 'f3', name: 'a.png' };
  const before = { cover: file, files: [file] };
  expect(overlay(before, { cover: 3, files: [3, { id: 4 }] }, { ...TYPE, model })).toEqual({
    cover: file,
    files: [file, { id: 4 }],
  });
});
