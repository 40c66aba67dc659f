import { withRelated, type Related } from '../../../server/strapi/model/document-tree';
import type { ContentModel } from '../../../server/strapi/model/content-model';

const model = (uid: string, attributes: ContentModel['attributes']): ContentModel => ({
  uid,
  modelName: uid,
  modelType: 'contentType',
  info: { displayName: uid },
  attributes,
});

const LINK = model('shared.link', {
  label: { type: 'string' },
  target: { type: 'relation', target: 'api::page.page' },
});
const ARTICLE = model('api::article.article', {
  title: { type: 'string' },
  metadata: { type: 'json' },
  cover: { type: 'media' },
  author: { type: 'relation', target: 'api::author.author' },
  tags: { type: 'relation', target: 'api::tag.tag' },
  about: { type: 'relation', relation: 'morphToMany' },
  links: { type: 'component', component: 'shared.link', repeatable: true },
  blocks: { type: 'dynamiczone', components: ['shared.link'] },
});
const modelOf = (uid: string) => (uid === LINK.uid ? LINK : undefined);

const ROW = {
  id: 1,
  title: 'One',
  metadata: { author: { id: 2 } },
  cover: { id: 3, url: '/x.png' },
  author: { id: 4 },
  tags: [{ id: 5 }, { id: 6 }],
  about: [{ id: 7, __type: 'api::page.page' }],
  links: [{ id: 8, label: 'Here', target: { id: 9 } }],
  blocks: [{ id: 10, __component: 'shared.link', target: { id: 11 } }, null],
};

it('finds each related document with its type, in components and dynamic zones too', () => {
  const found: Related[] = [];
  withRelated(ROW, ARTICLE, { modelOf, replace: (one) => found.push(one) });
  expect(found.map(({ uid, row }) => [uid, row.id])).toEqual([
    ['api::author.author', 4],
    ['api::tag.tag', 5],
    ['api::tag.tag', 6],
    ['api::page.page', 7],
    ['api::page.page', 9],
    ['api::page.page', 11],
  ]);
});

it('replaces nothing else, and leaves JSON and files as they are', () => {
  expect(withRelated(ROW, ARTICLE, { modelOf, replace: () => 'x' })).toEqual({
    ...ROW,
    author: 'x',
    tags: ['x', 'x'],
    about: ['x'],
    links: [{ id: 8, label: 'Here', target: 'x' }],
    blocks: [{ id: 10, __component: 'shared.link', target: 'x' }, null],
  });
});

it('keeps nothing of a component that the project no longer has', () => {
  const row = { blocks: [{ id: 1, __component: 'shared.gone', text: 'Canary' }] };
  expect(withRelated(row, ARTICLE, { modelOf, replace: () => 'x' })).toEqual({
    blocks: [{ id: 1 }],
  });
});
