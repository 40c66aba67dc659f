/** The editor's actions, and the changes that each of them must cause. */
import type { Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';
import { arrivals, PRIVATE_WORD, type Change } from './demo-arrivals';
import type { Endpoint } from './demo-endpoints';
import { editorOf, type Action, type Editor } from './demo-editor';
import { pageActions } from './demo-page';
import { quoted, print } from './demo-print';
import { storefrontActions } from './demo-storefront';

const ARTICLE = 'api::article.article';
const NOTICE = 'api::notice.notice';

/** The private word is in every private field of the article and of its components. */
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

const changeOf = (event: string, uid = ARTICLE): Change[] => [{ event, uid }];

function articleActions(editor: Editor): Action[] {
  let article = '';
  return [
    {
      description: 'creates the article "Autumn at the coast"',
      run: async () => {
        article = (await editor.create(ARTICLE, ARTICLE_DATA)).documentId;
      },
      expected: changeOf('entry.create'),
    },
    {
      description: 'changes its title and its price',
      run: () => editor.update(ARTICLE, article, { title: 'Autumn & the <coast>', price: 3 }),
      expected: changeOf('entry.update'),
    },
    {
      description: 'publishes it',
      run: () => editor.publish(ARTICLE, article),
      expected: changeOf('entry.publish'),
    },
    {
      description: 'adds a French version',
      run: () => editor.update(ARTICLE, `${article}?locale=fr`, { title: 'Automne' }),
      expected: changeOf('entry.create'),
    },
    {
      description: 'deletes the English article',
      run: () => editor.remove(ARTICLE, article),
      expected: changeOf('entry.delete'),
    },
  ];
}

const noticeActions = (editor: Editor): Action[] => [
  {
    description: 'posts a notice (live at once: it has no draft)',
    run: () => editor.create(NOTICE, { title: 'The office is closed on Friday' }),
    expected: changeOf('entry.create', NOTICE),
  },
];

/** Runs all actions. Returns how many of the expected arrivals are missing or wrong. */
export async function runActions(stage: {
  app: App;
  receiver: Receiver;
  endpoints: Endpoint[];
}): Promise<number> {
  const arrived = arrivals(stage.receiver, stage.endpoints);
  const editor = editorOf(stage.app);
  let missing = 0;
  const actions = [
    ...articleActions(editor),
    ...noticeActions(editor),
    ...pageActions(editor),
    ...storefrontActions(stage.app, editor),
  ];
  for (const act of actions) {
    print(`\nThe editor ${act.description}`);
    const reading = await act.run();
    if (typeof reading === 'string') print(quoted(reading));
    for (const change of act.expected) missing += await arrived(change);
  }
  return missing;
}
