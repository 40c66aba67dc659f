/** The documents of the benchmark, and the functions that write them inside Strapi. */
import type { App } from '../tests/support/strapi';

export const DOCUMENTS = ['small', 'rich'] as const;
export type DocumentKind = (typeof DOCUMENTS)[number];
export const OPERATIONS = ['create', 'update', 'publish'] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Content = { uid: string; data: object };

/** The result of a series of writes; times are milliseconds of the machine's monotonic clock. */
export type Written = { ids: string[]; startedAt: number; endedAt: number };

export type Task = Content & {
  operation: Operation;
  /** How many documents to create; the other operations use `ids`. */
  count: number;
  ids: string[];
  /** The first number of the titles, as in "bench-17". */
  from: number;
};

const PARAGRAPH = 'A paragraph of an article as people write them, long enough to be one. '.repeat(
  6,
);

/** A page with draft and publish: a title, a path and a paragraph; its only component is empty. */
export const smallContent = (): Content => ({
  uid: 'api::page.page',
  data: { path: '/bench', body: PARAGRAPH },
});

/** An article with nested and repeatable components, a dynamic zone, and relations to an author, tags and a page. */
export const richContent = (related: {
  author: string;
  tags: string[];
  page: string;
}): Content => ({
  uid: 'api::article.article',
  data: {
    ...related,
    slug: null,
    body: PARAGRAPH,
    section: 'news',
    views: 17,
    price: 4.5,
    metadata: { source: 'bench', tags: ['a', 'b'] },
    seo: {
      metaTitle: 'Title',
      metaDescription: PARAGRAPH,
      social: [
        { network: 'one', handle: 'first' },
        { network: 'two', handle: 'second' },
      ],
    },
    links: [
      { label: 'One', url: 'https://example.com/1', target: related.page },
      { label: 'Two', url: 'https://example.com/2' },
    ],
    blocks: [
      { __component: 'blocks.quote', text: PARAGRAPH, source: 'Somebody' },
      { __component: 'blocks.picture', caption: 'A caption' },
    ],
  },
});

/** Runs inside Strapi. */
const makeRelated = async (strapi: any) => {
  const make = async (uid: string, data: object) =>
    (await strapi.documents(uid).create({ data })).documentId as string;
  return {
    author: await make('api::author.author', { name: 'Ada' }),
    tags: [
      await make('api::tag.tag', { name: 'one' }),
      await make('api::tag.tag', { name: 'two' }),
    ],
    page: await make('api::page.page', { title: 'Related', path: '/related' }),
  };
};

export const contentsOf = async (app: App): Promise<Record<DocumentKind, Content>> => ({
  small: smallContent(),
  rich: richContent(await app.run(makeRelated)),
});

/** Runs inside Strapi: one writer that awaits each write before the next one. */
const writeAll = async (strapi: any, task: Task): Promise<Written> => {
  const { uid, operation, data, count, from } = task;
  const documents = strapi.documents(uid);
  const ids = [...task.ids];
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  // SQLite is synchronous, so without this pause a series of writes would block the event loop, and nothing else could be sent
  // or received. In production, each write belongs to a separate request.
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const startedAt = now();
  if (operation === 'create') {
    for (let index = 0; index < count; index += 1) {
      const made = await documents.create({ data: { ...data, title: `bench-${from + index}` } });
      ids.push(made.documentId);
      await turn();
    }
  }
  if (operation === 'update') {
    for (const [index, documentId] of ids.entries()) {
      await documents.update({ documentId, data: { ...data, title: `bench-${from + index}` } });
      await turn();
    }
  }
  if (operation === 'publish') {
    for (const documentId of ids) {
      await documents.publish({ documentId });
      await turn();
    }
  }
  return { ids, startedAt, endedAt: now() };
};

export const write = (app: App, task: Task): Promise<Written> => app.run(writeAll, task);
