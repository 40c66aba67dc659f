/** The workflow of the demo's pages, the endpoint that it asks, and the one that it tells. */
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
  message: 'This title is not in the style of the house.',
  errors: [{ path: 'title', message: 'End the title with a full stop.' }],
};

/** What a real style guide would look up: here, that a title ends with a full stop. */
const judge = ({ body }: Received) => {
  const { title } = JSON.parse(body).data.entry;
  return { status: 200, body: JSON.stringify(String(title).endsWith('.') ? ALLOWED : REFUSED) };
};

async function styleGuide(app: App, receiver: Receiver, workflow: string): Promise<Endpoint> {
  receiver.on('/style-guide').answer(judge);
  const { secret = '' } = await makeWebhook(app, {
    kind: 'validation',
    name: 'Style guide',
    description: 'Asked before a page is approved: its title must end with a full stop.',
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
    proof: 'asked in JSON (standard), signature verified',
    nameOf: () => 'validation',
    nameIn: () => 'validation',
    verify: ({ body, headers }) => void verifier.verify(body, headers),
  };
}

async function newsroom(app: App, receiver: Receiver, workflow: string): Promise<Endpoint> {
  await makeWebhook(app, {
    kind: 'submit',
    name: 'Newsroom',
    description: 'Told of every page that is approved, as Sitecore tells it.',
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
    proof: 'told in JSON (sitecore), with the comment of the approval',
    nameOf: () => 'submit',
    nameIn: () => 'submit',
    verify: ({ body }) => {
      const { Comments, PreviousState } = JSON.parse(body);
      if (PreviousState.DisplayName !== 'In review') throw new Error('it came from elsewhere');
      if (!Comments[0]?.Value) throw new Error('the comment is missing');
    },
  };
}

/** The workflow, and the two who take part in it from outside. */
export async function makeWorkflow(app: App, receiver: Receiver): Promise<Endpoint[]> {
  const { id } = await create(app, 'workflows', APPROVAL);
  return [await styleGuide(app, receiver, id), await newsroom(app, receiver, id)];
}
