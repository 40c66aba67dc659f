/** What the editor does, over the content manager's own HTTP API, and what each act must bring. */
import type { Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';
import { arrivals, PRIVATE_WORD, type Change } from './demo-arrivals';
import type { Endpoint } from './demo-endpoints';
import { say } from './demo-print';

type Document = { documentId: string };
type Act = { says: string; does: () => Promise<unknown>; brings: Change };

const ARTICLE = 'api::article.article';
const PAGE = 'api::page.page';
const NOTICE = 'api::notice.notice';

const contentManager = (app: App) => {
  const call = async (method: string, path: string, body?: object) => {
    const answer = await app.request(method, `/content-manager/collection-types/${path}`, body);
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body.data as Document;
  };
  return {
    create: (uid: string, data: object) => call('POST', uid, data),
    update: (uid: string, id: string, data: object) => call('PUT', `${uid}/${id}`, data),
    publish: (uid: string, id: string) => call('POST', `${uid}/${id}/actions/publish`, {}),
    remove: (uid: string, id: string) => call('DELETE', `${uid}/${id}`),
  };
};

/** With the private word in every private field there is: of the article, and of its components. */
const ARTICLE_DATA = {
  title: 'Autumn at the coast',
  slug: 'autumn-at-the-coast',
  body: 'The **first storm** came early this year.',
  views: 0,
  price: 2.5,
  internalNotes: PRIVATE_WORD,
  seo: { metaTitle: 'Autumn', reviewerRemark: PRIVATE_WORD },
  links: [{ label: 'Weather', url: 'https://example.com/weather', campaignNote: PRIVATE_WORD }],
};

function acts(app: App): Act[] {
  const editor = contentManager(app);
  let article = '';
  let page = '';
  return [
    {
      says: 'creates the article "Autumn at the coast"',
      does: async () => (article = (await editor.create(ARTICLE, ARTICLE_DATA)).documentId),
      brings: { event: 'entry.create', uid: ARTICLE },
    },
    {
      says: 'changes its title and its price',
      does: () => editor.update(ARTICLE, article, { title: 'Autumn & the <coast>', price: 3 }),
      brings: { event: 'entry.update', uid: ARTICLE },
    },
    {
      says: 'publishes it',
      does: () => editor.publish(ARTICLE, article),
      brings: { event: 'entry.publish', uid: ARTICLE },
    },
    {
      says: 'adds a French version',
      does: () => editor.update(ARTICLE, `${article}?locale=fr`, { title: 'Automne' }),
      brings: { event: 'entry.create', uid: ARTICLE },
    },
    {
      says: 'creates the page "About us"',
      does: async () => (page = (await editor.create(PAGE, { title: 'About us' })).documentId),
      brings: { event: 'entry.create', uid: PAGE },
    },
    {
      says: 'publishes the page',
      does: () => editor.publish(PAGE, page),
      brings: { event: 'entry.publish', uid: PAGE },
    },
    {
      says: 'posts a notice (live at once: it has no draft)',
      does: () => editor.create(NOTICE, { title: 'The office is closed on Friday' }),
      brings: { event: 'entry.create', uid: NOTICE },
    },
    {
      says: 'deletes the English article',
      does: () => editor.remove(ARTICLE, article),
      brings: { event: 'entry.delete', uid: ARTICLE },
    },
  ];
}

/** Answers how many of the expected arrivals are missing or not as promised. */
export async function playMorning(stage: {
  app: App;
  receiver: Receiver;
  endpoints: Endpoint[];
}): Promise<number> {
  const arrived = arrivals(stage.receiver, stage.endpoints);
  let missing = 0;
  for (const act of acts(stage.app)) {
    say(`\nThe editor ${act.says}`);
    await act.does();
    missing += await arrived(act.brings);
  }
  return missing;
}
