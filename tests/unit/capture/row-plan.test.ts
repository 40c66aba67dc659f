/** The parts of a document that are read, and those that a save can change. */
import {
  columnValue,
  namedLinks,
  rowPlan,
  type DbModel,
} from '../../../server/strapi/model/row-plan';
import type { ContentModel } from '../../../server/strapi/model/content-model';
import { model } from './shapes';

const join = (name: string, more: object = {}) => ({
  name,
  joinColumn: { name: 'post_id', referencedColumn: 'id' },
  inverseJoinColumn: { name: 'tag_id', referencedColumn: 'id' },
  ...more,
});
const column = (columnName: string, type = 'string') => ({ type, columnName });
const relation = (target: string, joinTable?: object) =>
  ({
    type: 'relation',
    relation: 'manyToMany',
    target,
    joinTable,
  }) as DbModel['attributes'][string];

const post = model({
  attributes: {
    title: { type: 'string' },
    secret: { type: 'string', private: true },
    password: { type: 'password' },
    tags: { type: 'relation', target: 'api::tag.tag' },
    hidden: { type: 'relation', target: 'api::tag.tag', private: true },
    siblings: { type: 'relation', target: 'api::post.post' },
    anything: { type: 'relation' },
  },
});
const tag = model({ uid: 'api::tag.tag', attributes: { name: { type: 'string' } } });
const tables: Record<string, DbModel> = {
  [post.uid]: {
    tableName: 'posts',
    attributes: {
      id: column('id', 'increments'),
      documentId: column('document_id'),
      title: column('title'),
      secret: column('secret'),
      password: column('password', 'password'),
      tags: relation(tag.uid, join('posts_tags_lnk', { orderBy: { tag_ord: 'asc' } })),
      hidden: relation(tag.uid, join('posts_hidden_lnk')),
      siblings: relation(post.uid, join('posts_siblings_lnk')),
      anything: { type: 'relation', relation: 'morphToMany' },
      localizations: { type: 'relation', relation: 'oneToMany', unstable_virtual: true },
    },
  },
  [tag.uid]: {
    tableName: 'tags',
    attributes: { name: column('name'), note: column('note', 'text') },
  },
};
const models: Record<string, ContentModel> = {
  [post.uid]: post,
  [tag.uid]: { ...tag, options: { privateAttributes: ['note'] } },
};
const planned = (...privateNames: string[]) =>
  rowPlan(post.uid, {
    modelOf: (uid) => models[uid],
    dbModelOf: (uid) => tables[uid],
    privateNames: new Set(privateNames),
  });
const named = (data: object) => {
  const links = namedLinks(data as Record<string, unknown>, planned(), post);
  return links && [...links];
};

describe('a plan', () => {
  it('selects no private and no password column, of the row or of what hangs on it', () => {
    const { columns, relations, links } = planned();
    expect(columns.map(({ name }) => name)).toEqual(['id', 'documentId', 'title']);
    expect(relations.map(({ name }) => name)).toEqual(['tags', 'siblings']);
    expect(relations[0]?.target.columns.map(({ name }) => name)).toEqual(['name']);
    expect(links).toEqual(['tags', 'siblings', 'anything']);
  });

  it('leaves out what the project makes private everywhere, identity included', () => {
    expect(planned('id', 'documentId', 'tags')).toMatchObject({
      columns: [{ name: 'title' }],
      links: ['siblings', 'anything'],
    });
  });

  it('orders by the link, and last by its own id, so that equal rows are read equal', () => {
    expect(planned().relations[0]?.orderBy).toEqual([
      { column: 'tag_ord', order: 'asc' },
      { column: 'id', order: 'asc' },
    ]);
  });

  it('leaves relations of a rarer shape to Strapi', () => {
    expect(planned().others).toEqual(['anything']);
  });
});

describe('the links that a save can change', () => {
  it.each([
    [{}, []],
    [{ title: 'x' }, []],
    [{ tags: ['a'] }, ['tags']],
    [{ tags: [] }, ['tags']],
    [{ tags: null }, ['tags']],
    [{ tags: { connect: [], disconnect: [] } }, []],
    [{ tags: { connect: ['a'], disconnect: [] } }, ['tags']],
    [{ tags: { set: [] } }, ['tags']],
    [{ tags: { connect: [], set: [] } }, ['tags']],
    [{ hidden: ['a'] }, []],
  ])('%j: %j', (data, links) => {
    expect(named(data)).toEqual(links);
  });

  it.each([[{ siblings: ['a'] }], [{ anything: [] }]])(
    '%j: all, because the other end may be of the same document',
    (data) => {
      expect(named(data)).toBeNull();
    },
  );
});

describe('a column of type', () => {
  it.each([
    ['boolean', 1, true],
    ['boolean', 0, false],
    ['boolean', '0', false],
    ['boolean', true, true],
    ['boolean', 'x', null],
    ['json', '{"a":1}', { a: 1 }],
    ['json', '"{\\"a\\":1}"', { a: 1 }],
    ['json', 'no json', 'no json'],
    ['json', { a: 1 }, { a: 1 }],
    ['blocks', '[]', []],
    ['decimal', '9.50', 9.5],
    ['integer', 3, 3],
    ['biginteger', '9007199254740993', '9007199254740993'],
    ['biginteger', 5, '5'],
    ['datetime', 0, '1970-01-01T00:00:00.000Z'],
    ['datetime', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['datetime', 'never', null],
    ['timestamp', 5, '5'],
    ['date', '2026-01-01', '2026-01-01'],
    ['string', 'a', 'a'],
    ['string', null, null],
    ['increments', 4, 4],
  ])('%s turns %j into %j', (type, value, told) => {
    expect(columnValue(type, value)).toEqual(told);
  });
});
