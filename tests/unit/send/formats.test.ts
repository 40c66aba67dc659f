import { standardTree } from '../../../server/send/formats/standard';
import { strapiTree } from '../../../server/send/formats/strapi';
import {
  articleEntry,
  articleEvent,
  articleModel,
  mediaEvent,
  TIME,
  transition,
  transitionEvent,
  verdict,
  webhook,
  webhookEvent,
} from './events';

describe('the standard format', () => {
  it('sends type, timestamp and data with the keys of the contract, in their order', () => {
    const tree = standardTree({ event: articleEvent(), webhook, model: articleModel });
    expect(JSON.stringify(tree)).toBe(
      JSON.stringify({
        type: 'entry.update',
        timestamp: TIME,
        data: {
          id: 'evt_1',
          uid: 'api::article.article',
          model: 'article',
          documentId: articleEntry.documentId,
          locale: 'en',
          status: 'draft',
          entry: articleEntry,
          changes: [{ field: 'title', from: 'Old', to: 'New' }],
          actor: { type: 'admin', id: 1, name: 'Ada' },
        },
      }),
    );
  });

  it('sends the facts of a move in a workflow after those, in their order', () => {
    const tree: any = standardTree({ event: transitionEvent(), webhook, model: articleModel });
    expect(tree.type).toBe('workflow.transition');
    expect(Object.keys(tree.data).join(' ')).toBe(
      'id uid model documentId locale status entry changes actor workflow command from to comment dryRun',
    );
    expect(tree.data).toMatchObject({ ...transition, entry: articleEntry });
  });

  it('asks a validation the same, and sends null for what there is not', () => {
    const event = transitionEvent(
      { command: null, to: null, comment: null, dryRun: true },
      'workflow.validation',
    );
    const tree: any = standardTree({ event, webhook, model: articleModel });
    expect(tree.type).toBe('workflow.validation');
    expect(tree.data).toMatchObject({ command: null, to: null, comment: null, dryRun: true });
  });

  it('sends with a refused command what the endpoints answered, last', () => {
    const event = transitionEvent({ verdicts: [verdict] }, 'workflow.refused');
    const { data }: any = standardTree({ event, webhook, model: articleModel });
    expect(Object.keys(data).at(-1)).toBe('verdicts');
    expect(data.verdicts).toEqual([verdict]);
  });
});

describe("the format of Strapi's own webhooks", () => {
  it('sends event, createdAt, model, uid and entry for content', () => {
    const tree = strapiTree({ event: articleEvent(), webhook, model: articleModel });
    expect(JSON.stringify(tree)).toBe(
      JSON.stringify({
        event: 'entry.update',
        createdAt: TIME,
        model: 'article',
        uid: 'api::article.article',
        entry: articleEntry,
      }),
    );
  });

  it('adds the facts of a move in a workflow after the entry', () => {
    const tree = strapiTree({ event: transitionEvent(), webhook, model: articleModel });
    expect(JSON.stringify(tree)).toBe(
      JSON.stringify({
        event: 'workflow.transition',
        createdAt: TIME,
        model: 'article',
        uid: 'api::article.article',
        entry: articleEntry,
        ...transition,
      }),
    );
  });

  it('sends a test as Strapi does, with nothing but its name and time', () => {
    const event = webhookEvent({ name: 'webhook.test' });
    const tree = strapiTree({ event, webhook, model: null });
    expect(tree).toEqual({ event: 'trigger-test', createdAt: TIME });
  });

  it('sends a file as media, with neither model nor uid, as the upload plugin does', () => {
    const event = mediaEvent();
    const tree = strapiTree({ event, webhook, model: null });
    expect(tree).toEqual({ event: 'media.create', createdAt: TIME, media: event.entry });
  });
});
