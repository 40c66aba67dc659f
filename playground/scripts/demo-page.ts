/** A page on its way through the workflow: too early, refused, mended, approved, published. */
import type { Action, Editor } from './demo-editor';
import { PAGE } from './demo-workflow';

const changesOf = (...events: string[]) => events.map((event) => ({ event, uid: PAGE }));
const now = (state: string) => `The page is now in the state "${state}".`;

/** What is left for whoever watches to try. */
export const LEFT_IN_REVIEW = 'Contact';

export function pageActions(editor: Editor): Action[] {
  let page = '';
  const create = async (title: string) => {
    page = (await editor.create(PAGE, { title })).documentId;
  };
  const run = async (key: string, comment?: string) =>
    now(await editor.run(PAGE, page, [key, comment]));
  return [
    {
      description: 'creates the page "About us"; pages have a workflow, and it starts as a draft',
      run: () => create('About us'),
      expected: changesOf('entry.create'),
    },
    {
      description: 'presses "Publish" at once, and is stopped',
      run: () => editor.publishRefused(PAGE, page),
      expected: [],
    },
    {
      description: 'runs the command "Submit"',
      run: () => run('submit', 'Please look at it.'),
      expected: [],
    },
    {
      description: 'runs "Approve": the style guide is asked, says no, and says why',
      run: () => editor.runRefused(PAGE, page, ['approve', 'Looks good.']),
      expected: changesOf('workflow.validation'),
    },
    {
      description: 'mends the title: "About us."',
      run: () => editor.update(PAGE, page, { title: 'About us.' }),
      expected: changesOf('entry.update'),
    },
    {
      description: 'runs "Approve" again: the style guide says yes, and the newsroom is told',
      run: () => run('approve', 'Now it does.'),
      expected: changesOf('workflow.validation', 'workflow.transition'),
    },
    {
      description: 'runs "Publish"; entering that state publishes the page',
      run: () => run('publish'),
      expected: changesOf('entry.publish'),
    },
    {
      description: `creates the page "${LEFT_IN_REVIEW}", submits it, and leaves it in review`,
      run: async () => {
        await create(LEFT_IN_REVIEW);
        return run('submit');
      },
      expected: changesOf('entry.create'),
    },
  ];
}
