/** A page on its way through the workflow: too early, refused, mended, approved, published. */
import type { Act, Editor } from './demo-editor';
import { PAGE } from './demo-workflow';

const told = (...events: string[]) => events.map((event) => ({ event, uid: PAGE }));
const now = (state: string) => `The page is now in the state "${state}".`;

/** What is left for whoever watches to try. */
export const LEFT_IN_REVIEW = 'Contact';

export function pageActs(editor: Editor): Act[] {
  let page = '';
  const create = async (title: string) => {
    page = (await editor.create(PAGE, { title })).documentId;
  };
  const run = async (key: string, comment?: string) =>
    now(await editor.run(PAGE, page, [key, comment]));
  return [
    {
      says: 'creates the page "About us"; pages have a workflow, and it starts as a draft',
      does: () => create('About us'),
      brings: told('entry.create'),
    },
    {
      says: 'presses "Publish" at once, and is stopped',
      does: () => editor.publishTooEarly(PAGE, page),
      brings: [],
    },
    {
      says: 'runs the command "Submit"',
      does: () => run('submit', 'Please look at it.'),
      brings: [],
    },
    {
      says: 'runs "Approve": the style guide is asked, says no, and says why',
      does: () => editor.runInVain(PAGE, page, ['approve', 'Looks good.']),
      brings: told('workflow.validation'),
    },
    {
      says: 'mends the title: "About us."',
      does: () => editor.update(PAGE, page, { title: 'About us.' }),
      brings: told('entry.update'),
    },
    {
      says: 'runs "Approve" again: the style guide says yes, and the newsroom is told',
      does: () => run('approve', 'Now it does.'),
      brings: told('workflow.validation', 'workflow.transition'),
    },
    {
      says: 'runs "Publish"; entering that state publishes the page',
      does: () => run('publish'),
      brings: told('entry.publish'),
    },
    {
      says: `creates the page "${LEFT_IN_REVIEW}", submits it, and leaves it in review`,
      does: async () => {
        await create(LEFT_IN_REVIEW);
        return run('submit');
      },
      brings: told('entry.create'),
    },
  ];
}
