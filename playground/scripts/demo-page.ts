/** A page in the workflow: published too early, refused, fixed, approved, published. */
import type { Action, Editor } from './demo-editor';
import { PAGE } from './demo-workflow';

const changesOf = (...events: string[]) => events.map((event) => ({ event, uid: PAGE }));
const now = (state: string) => `The page is now in the state "${state}".`;

/** A page that stays in review, so that the user can try the commands. */
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
      description: 'presses "Publish" too early, and Strapi refuses',
      run: () => editor.publishRefused(PAGE, page),
      expected: [],
    },
    {
      description: 'runs the command "Submit"',
      run: () => run('submit', 'Please look at it.'),
      expected: [],
    },
    {
      description: 'runs "Approve": the style guide is called and refuses with a reason',
      run: () => editor.runRefused(PAGE, page, ['approve', 'Looks good.']),
      expected: changesOf('workflow.validation'),
    },
    {
      description: 'fixes the title: "About us."',
      run: () => editor.update(PAGE, page, { title: 'About us.' }),
      expected: changesOf('entry.update'),
    },
    {
      description: 'runs "Approve" again: the style guide allows it, and the newsroom is notified',
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
