/** What is asked about is the draft with the form over it, as Strapi will save the two together. */
import type { ContentModel } from '../../../server/schema/content-model';
import { overlay } from '../../../server/workflow/gate/overlay';

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
  },
};
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
  expect(overlay(DRAFT, { title: 'New' }, MODEL)).toEqual({ ...DRAFT, title: 'New' });
});

test('what is no attribute, and what Strapi keeps for itself, is not taken from a form', () => {
  expect(overlay(DRAFT, { updatedAt: 'now', hack: true }, MODEL)).toEqual(DRAFT);
});

test('connected documents are added, disconnected ones taken away', () => {
  const form = { tags: { connect: [{ documentId: 't3' }], disconnect: [{ documentId: 't1' }] } };
  expect(overlay(DRAFT, form, MODEL).tags).toEqual([
    { id: 2, documentId: 't2' },
    { documentId: 't3' },
  ]);
});

test('a relation that nobody touched stays as it is', () => {
  const form = { tags: { connect: [], disconnect: [] }, author: { connect: [], disconnect: [] } };
  expect(overlay(DRAFT, form, MODEL)).toEqual(DRAFT);
});

test('a set list takes the place of the one before it, by row, id or document id', () => {
  expect(overlay(DRAFT, { tags: { set: ['t9', 4] } }, MODEL).tags).toEqual([
    { documentId: 't9' },
    { id: 4 },
  ]);
});

test('of a relation to one, the last one counts, and taking it away leaves none', () => {
  const other = { author: { connect: [{ documentId: 'a2' }] } };
  expect(overlay(DRAFT, other, MODEL).author).toEqual({ documentId: 'a2' });
  const none = { author: { disconnect: [{ documentId: 'a1' }] } };
  expect(overlay(DRAFT, none, MODEL).author).toBeNull();
});
