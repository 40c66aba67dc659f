import { standardTree } from '../../../server/request/formats/standard';
import { strapiTree } from '../../../server/request/formats/strapi';
import { articleEntry, articleEvent, articleModel, mediaEvent, TIME, webhook } from './events';

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

  it('sends a file as media, with neither model nor uid, as the upload plugin does', () => {
    const event = mediaEvent();
    const tree = strapiTree({ event, webhook, model: null });
    expect(tree).toEqual({ event: 'media.create', createdAt: TIME, media: event.entry });
  });
});
