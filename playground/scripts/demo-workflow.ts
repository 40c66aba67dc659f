/** The workflow of the demo's pages, its validation endpoint, and its submit endpoint. */
import { Webhook } from 'standardwebhooks';
import type { WorkflowInput } from '../../server/contract/workflow';
import type { Received, Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';
import { create, makeWebhook, type Endpoint } from './demo-endpoints';

export const PAGE = 'api::page.page';

const APPROVAL: WorkflowInput = {
  name: 'Page approval',
  contentTypes: [PAGE],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft' },
    { key: 'in-review', name: 'In review', color: '#d9822f' },
    { key: 'approved', name: 'Approved', color: '#328048', final: true },
    { key: 'published', name: 'Published', color: '#0c75af', final: true, onEnter: 'publish' },
  ],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'in-review' },
    { key: 'approve', name: 'Approve', from: ['in-review'], to: 'approved' },
    {
      key: 'reject',
      name: 'Reject',
      from: ['in-review', 'approved'],
      to: 'draft',
      comment: 'required',
    },
    { key: 'publish', name: 'Publish', from: ['approved'], to: 'published', comment: 'none' },
    { key: 'rework', name: 'Back to draft', from: ['published'], to: 'draft' },
  ],
};

const ALLOWED = { allowed: true };
const REFUSED = {
  allowed: false,
  message: 'This title does not follow the style guide.',
  errors: [{ path: 'title', message: 'End the title with a full stop.' }],
};

/** The check of the style guide: a title must end with a full stop. */
const judge = ({ body }: Received) => {
  const { title } = JSON.parse(body).data.entry;
  return { status: 200, body: JSON.stringify(String(title).endsWith('.') ? ALLOWED : REFUSED) };
};

async function styleGuide(app: App, receiver: Receiver, workflow: string): Promise<Endpoint> {
  receiver.on('/style-guide').answer(judge);
  const { secret = '' } = await makeWebhook(app, {
    kind: 'validation',
    name: 'Style guide',
    description: 'Called before a page is approved: its title must end with a full stop.',
    url: receiver.url('/style-guide'),
    signing: 'standard',
    workflow,
    command: 'approve',
  });
  const verifier = new Webhook(secret);
  return {
    name: 'Style guide',
    path: '/style-guide',
    events: ['workflow.validation'],
    attempts: 1,
    proof: 'called in JSON (standard), signature verified',
    nameOf: () => 'validation',
    nameIn: () => 'validation',
    verify: ({ body, headers }) => void verifier.verify(body, headers),
  };
}

async function newsroom(app: App, receiver: Receiver, workflow: string): Promise<Endpoint> {
  await makeWebhook(app, {
    kind: 'submit',
    name: 'Newsroom',
    description: 'Notified of every approved page, in the format of Sitecore.',
    url: receiver.url('/newsroom'),
    format: 'sitecore',
    workflow,
    state: 'approved',
  });
  return {
    name: 'Newsroom',
    path: '/newsroom',
    events: ['workflow.transition'],
    attempts: 1,
    proof: 'notified in JSON (sitecore), with the comment of the approval',
    nameOf: () => 'submit',
    nameIn: () => 'submit',
    verify: ({ body }) => {
      const { Comments, PreviousState } = JSON.parse(body);
      if (PreviousState.DisplayName !== 'In review') throw new Error('the previous state is wrong');
      if (!Comments[0]?.Value) throw new Error('the comment is missing');
    },
  };
}

/** Creates the workflow and its two endpoints. */
export async function makeWorkflow(app: App, receiver: Receiver): Promise<Endpoint[]> {
  const { id } = await create(app, 'workflows', APPROVAL);
  return [await styleGuide(app, receiver, id), await newsroom(app, receiver, id)];
}
