/** What the editor does in a morning, and what each act must bring. */
import type { Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';
import { arrivals, PRIVATE_WORD, type Change } from './demo-arrivals';
import type { Endpoint } from './demo-endpoints';
import { editorOf, type Act, type Editor } from './demo-editor';
import { pageActs } from './demo-page';
import { quoted, say } from './demo-print';
import { storefrontActs } from './demo-storefront';

const ARTICLE = 'api::article.article';
const NOTICE = 'api::notice.notice';

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

const told = (event: string, uid = ARTICLE): Change[] => [{ event, uid }];

function articleActs(editor: Editor): Act[] {
  let article = '';
  return [
    {
      says: 'creates the article "Autumn at the coast"',
      does: async () => {
        article = (await editor.create(ARTICLE, ARTICLE_DATA)).documentId;
      },
      brings: told('entry.create'),
    },
    {
      says: 'changes its title and its price',
      does: () => editor.update(ARTICLE, article, { title: 'Autumn & the <coast>', price: 3 }),
      brings: told('entry.update'),
    },
    {
      says: 'publishes it',
      does: () => editor.publish(ARTICLE, article),
      brings: told('entry.publish'),
    },
    {
      says: 'adds a French version',
      does: () => editor.update(ARTICLE, `${article}?locale=fr`, { title: 'Automne' }),
      brings: told('entry.create'),
    },
    {
      says: 'deletes the English article',
      does: () => editor.remove(ARTICLE, article),
      brings: told('entry.delete'),
    },
  ];
}

const noticeActs = (editor: Editor): Act[] => [
  {
    says: 'posts a notice (live at once: it has no draft)',
    does: () => editor.create(NOTICE, { title: 'The office is closed on Friday' }),
    brings: told('entry.create', NOTICE),
  },
];

/** Answers how many of the expected arrivals are missing or not as promised. */
export async function playMorning(stage: {
  app: App;
  receiver: Receiver;
  endpoints: Endpoint[];
}): Promise<number> {
  const arrived = arrivals(stage.receiver, stage.endpoints);
  const editor = editorOf(stage.app);
  let missing = 0;
  const morning = [
    ...articleActs(editor),
    ...noticeActs(editor),
    ...pageActs(editor),
    ...storefrontActs(stage.app, editor),
  ];
  for (const act of morning) {
    say(`\nThe editor ${act.says}`);
    const reading = await act.does();
    if (typeof reading === 'string') say(quoted(reading));
    for (const change of act.brings) missing += await arrived(change);
  }
  return missing;
}
