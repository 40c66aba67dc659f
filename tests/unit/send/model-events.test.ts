/** Events of the content model, locales and releases in each format: other systems have no names for them. */
import { CloudEvent, ValidationError } from 'cloudevents';
import type { EventName } from '../../../server/contract/catalogue';
import type { Format } from '../../../server/contract/webhook';
import { BODY_FORMATS } from '../../../server/send/formats/formats';
import { requestOf } from '../../../server/send/request';
import { sampleEvent } from '../../../server/send/sample-event';
import { TIME, webhook } from './events';

const ID = 'evt_sample';
const event = (name: EventName) => sampleEvent({ name, model: null, id: ID, time: TIME });
const body = (name: EventName, format: Format): any =>
  BODY_FORMATS[format].tree({ event: event(name), webhook, model: null });

const CHANGE = {
  field: 'attributes.title',
  from: { type: 'string' },
  to: { type: 'string', required: true },
};
const TYPE = 'api::article.article';

describe('A changed content type', () => {
  it('is told by `standard` with its schema, and each attribute that changed', () => {
    expect(body('content-type.update', 'standard')).toMatchObject({
      type: 'content-type.update',
      data: {
        uid: TYPE,
        model: 'article',
        documentId: null,
        entry: { uid: TYPE, attributes: { title: CHANGE.to } },
        changes: [CHANGE],
        actor: { type: 'system' },
      },
    });
  });

  it('is told by `strapi` as any entry of it', () => {
    expect(body('content-type.update', 'strapi')).toEqual({
      event: 'content-type.update',
      createdAt: TIME,
      model: 'article',
      uid: TYPE,
      entry: event('content-type.update').entry,
    });
  });

  it('is told by `sitecore` under our own name, with what changed', () => {
    expect(body('content-type.update', 'sitecore')).toMatchObject({
      EventName: 'content-type:update',
      Data: { uid: TYPE },
      Changes: { FieldChanges: [{ FieldName: CHANGE.field, Value: JSON.stringify(CHANGE.to) }] },
    });
  });

  it('is told by `vee` as an entity of its own, with operation, user and moment', () => {
    expect(body('content-type.update', 'vee')).toMatchObject({
      operation: 'update',
      entityType: 'content-type',
      timestamp: TIME,
      data: {
        uid: TYPE,
        operation: 'update',
        data: { attributes: { title: CHANGE.to } },
        user: 'system',
        timestamp: Date.parse(TIME),
        changes: [CHANGE],
      },
      id: ID,
    });
  });

  it('is a CloudEvent of its content type', () => {
    const tree = body('content-type.update', 'cloudevents');
    expect(() => new CloudEvent(tree, true)).not.toThrow(ValidationError);
    expect(tree).toMatchObject({
      type: 'content-type.update',
      source: `/workflow-webhooks/${TYPE}`,
    });
  });
});

describe.each(['component.create', 'component.update', 'component.delete'] as const)(
  '%s',
  (name) => {
    it('is told by the component’s own uid, as it is, or as it last was', () => {
      expect(body(name, 'vee')).toMatchObject({
        entityType: 'component',
        data: { uid: 'shared.seo', data: { category: 'shared' } },
      });
      expect(body(name, 'standard').data).toMatchObject({ uid: 'shared.seo', model: 'seo' });
      expect(body(name, 'sitecore').EventName).toBe(name.replace('.', ':'));
    });
  },
);

describe('A locale', () => {
  it('has an id, a code and a name in every format', () => {
    const { documentId } = event('locale.update');
    expect(body('locale.create', 'standard').data).toMatchObject({
      uid: 'plugin::i18n.locale',
      documentId,
      entry: { code: 'fr', name: 'French (fr)' },
    });
    expect(body('locale.create', 'strapi')).toMatchObject({
      event: 'locale.create',
      model: 'locale',
      entry: { code: 'fr' },
    });
    expect(body('locale.update', 'vee')).toMatchObject({
      operation: 'update',
      entityType: 'locale',
      data: { contentId: documentId, data: { code: 'fr' }, changes: [{ field: 'name' }] },
    });
    expect(body('locale.update', 'sitecore')).toMatchObject({
      EventName: 'locale:update',
      Item: { Name: 'French (fr)' },
      Changes: { FieldChanges: [{ FieldName: 'name' }] },
    });
  });
});

describe('A published release', () => {
  it("is told by `strapi` as Strapi's own webhooks tell it, in body and header", () => {
    expect(body('release.publish', 'strapi')).toEqual({
      event: 'releases.publish',
      createdAt: TIME,
      isPublished: true,
      release: event('release.publish').entry,
    });
    const { headers } = requestOf({
      eventId: ID,
      eventName: 'release.publish',
      serialized: { contentType: 'application/json', body: '{}' },
      target: {
        url: 'https://example.com/',
        headers: {},
        authorization: null,
        signing: 'none',
        secrets: [],
        format: 'strapi',
      },
      now: 0,
      version: '1',
    });
    expect(headers['X-Strapi-Event']).toBe('releases.publish');
  });

  it('is told by the others with the moment of it', () => {
    expect(body('release.publish', 'standard').data).toMatchObject({
      entry: { releasedAt: TIME, status: 'done' },
      changes: [{ field: 'releasedAt', from: null, to: TIME }, { field: 'status' }],
    });
    expect(body('release.publish', 'vee')).toMatchObject({
      operation: 'publish',
      entityType: 'release',
    });
    expect(body('release.publish', 'sitecore').EventName).toBe('release:publish');
  });
});
