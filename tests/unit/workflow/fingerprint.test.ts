/** The fingerprint tells whether a document still says what was approved, and nothing else. */
import fc from 'fast-check';
import type { ContentModel } from '../../../server/strapi/model/content-model';
import { fingerprintOf } from '../../../server/workflow/state/fingerprint';
import { deep } from '../store/deep';

const SEO: ContentModel = {
  uid: 'shared.seo',
  modelName: 'seo',
  modelType: 'component',
  info: { displayName: 'Seo' },
  attributes: {
    title: { type: 'string' },
    extra: { type: 'json' },
    // Names that Strapi keeps for itself in content types only.
    locale: { type: 'string' },
    createdAt: { type: 'datetime' },
  },
};

const ARTICLE: ContentModel = {
  uid: 'api::article.article',
  modelName: 'article',
  modelType: 'contentType',
  info: { displayName: 'Article' },
  attributes: {
    title: { type: 'string' },
    secret: { type: 'string', private: true },
    data: { type: 'json' },
    seo: { type: 'component', component: 'shared.seo' },
    blocks: { type: 'dynamiczone', components: ['shared.seo'] },
    tags: { type: 'relation', relation: 'manyToMany', target: 'api::tag.tag' },
    comments: { type: 'relation', relation: 'oneToMany', target: 'api::x.x', mappedBy: 'article' },
    cover: { type: 'media' },
    createdAt: { type: 'datetime' },
    updatedAt: { type: 'datetime' },
    publishedAt: { type: 'datetime' },
    locale: { type: 'string' },
  },
};

const modelOf = (uid: string) => (uid === SEO.uid ? SEO : ARTICLE);
const of = (row: Record<string, unknown>) => fingerprintOf(row, ARTICLE, modelOf);

const BASE = {
  id: 1,
  documentId: 'abc',
  title: 'Title',
  secret: 's',
  data: { b: 1, a: [1, { id: 1 }] },
  seo: { id: 7, title: 'Seo', extra: { id: 1 } },
  blocks: [{ id: 8, __component: 'shared.seo', title: 'One' }],
  tags: [
    { id: 1, documentId: 't1', name: 'a' },
    { id: 2, documentId: 't1', name: 'a' },
  ],
  cover: { id: 3, documentId: 'f1', url: '/a.png' },
  updatedAt: '2026-01-01T00:00:00.000Z',
};

describe('A fingerprint is the same', () => {
  test('for the draft and its published version, whose rows, components and dates are made anew', () => {
    const published = {
      ...BASE,
      id: 99,
      publishedAt: '2026-01-02T00:00:00.000Z',
      updatedAt: '2026-01-02T00:00:00.000Z',
      seo: { ...BASE.seo, id: 70 },
      blocks: [{ ...BASE.blocks[0], id: 80 }],
      tags: [{ id: 5, documentId: 't1', name: 'a' }],
    };
    expect(of(published)).toBe(of(BASE));
  });

  test('for any order of the keys in a JSON field', () => {
    expect(of({ ...BASE, data: { a: [1, { id: 1 }], b: 1 } })).toBe(of(BASE));
  });

  test('when another document changes: a related one, or the other end of a relation', () => {
    const tags = [{ id: 1, documentId: 't1', name: 'renamed' }];
    expect(of({ ...BASE, tags, comments: [{ documentId: 'c1' }] })).toBe(of(BASE));
  });

  test('when the content type gets a field that nobody has filled in', () => {
    const wider = {
      ...ARTICLE,
      attributes: { ...ARTICLE.attributes, subtitle: { type: 'string' } },
    };
    expect(fingerprintOf({ ...BASE, subtitle: null }, wider, modelOf)).toBe(of(BASE));
  });
});

test('A fingerprint stays the one that is stored, however the code that makes it changes', () => {
  expect(of(BASE)).toBe('DPrybde18TWVOGSLzPcWhysdDvXDiF4Txxi21nS_Dgo');
  const data = { b: { z: 1, 10: 'x', 9: 'y', a: null }, list: [{ d: 1, c: [] }] };
  expect(of({ title: 'T', data })).toBe('uy-_BfdaodI8J0Zn2VETKP8K5PN2cwpAwwa3SUW1zFw');
});

test.each([2_000, 10_000])('A fingerprint is made of JSON that is nested %d deep', (depth) => {
  expect(of({ ...BASE, data: deep(depth) })).toBe(of({ ...BASE, data: deep(depth) }));
  expect(of({ ...BASE, data: deep(depth) })).not.toBe(of({ ...BASE, data: deep(depth, 'other') }));
});

describe('A fingerprint is another', () => {
  const edits: [string, Record<string, unknown>][] = [
    ['a text', { title: 'Title ' }],
    ['a private field', { secret: 'other' }],
    ['a field that is emptied', { title: null }],
    ['an id within a JSON field', { data: { b: 1, a: [1, { id: 2 }] } }],
    ['an id within a JSON field of a component', { seo: { ...BASE.seo, extra: { id: 2 } } }],
    ['a component', { seo: { ...BASE.seo, title: 'Other' } }],
    ['a field of a component named "locale"', { seo: { ...BASE.seo, locale: 'fr' } }],
    [
      'a field of a component named "createdAt"',
      { seo: { ...BASE.seo, createdAt: '2026-01-01T00:00:00.000Z' } },
    ],
    ['the order of a dynamic zone', { blocks: [...BASE.blocks, { __component: 'shared.seo' }] }],
    ['a relation', { tags: [{ documentId: 't2' }] }],
    ['a file', { cover: { documentId: 'f2' } }],
  ];
  test.each(edits)('after an edit of %s', (_what, edit) => {
    expect(of({ ...BASE, ...edit })).not.toBe(of(BASE));
  });

  test('for JSON that is an empty list, and JSON that is not there', () => {
    expect(of({ ...BASE, data: [] })).not.toBe(of({ ...BASE, data: null }));
  });

  test('for any two texts that differ', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(of({ ...BASE, title: one }) === of({ ...BASE, title: other })).toBe(one === other);
      }),
    );
  });
});
