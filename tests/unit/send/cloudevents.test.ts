/** The judge is the parser of the specification's own project. */
import { HTTP } from 'cloudevents';
import { EVENT_NAMES } from '../../../server/contract/catalogue';
import type { WebhookEvent } from '../../../server/contract/event';
import { bodyOf } from '../../../server/send/request';
import { standardTree } from '../../../server/send/formats/standard';
import { sampleEvent } from '../../../server/send/sample-event';
import { articleEvent, articleModel, DOCUMENT_ID, TIME, webhook, webhookEvent } from './events';

const sent = (event: WebhookEvent, serialization: 'json' | 'xml' = 'json') =>
  bodyOf({
    event,
    webhook: { ...webhook, format: 'cloudevents', serialization },
    model: articleModel,
  });

const received = (event: WebhookEvent): any => {
  const { contentType, body } = sent(event);
  return HTTP.toEvent({ headers: { 'content-type': contentType }, body });
};

describe('the cloudevents format', () => {
  it('is read by an independent parser, which finds nothing wrong with it', () => {
    const event = received(articleEvent());
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'evt_1',
      source: '/workflow-webhooks/api::article.article',
      type: 'entry.update',
      subject: DOCUMENT_ID,
      time: TIME,
      datacontenttype: 'application/json',
    });
  });

  it('carries the data of the default format', () => {
    const event = articleEvent();
    expect(received(event).data).toEqual(standardTree({ event, webhook, model: null }).data);
  });

  it('leaves out what there is not', () => {
    const { contentType, body } = sent(webhookEvent());
    expect(contentType).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).not.toHaveProperty('subject');
    expect(received(webhookEvent()).source).toBe('/workflow-webhooks');
  });

  it('is plain XML where XML was chosen', () => {
    expect(sent(articleEvent(), 'xml').contentType).toBe('application/xml; charset=utf-8');
  });

  it.each(EVENT_NAMES)('is valid for %s', (name) => {
    const event = sampleEvent({ name, model: articleModel, id: 'evt_1', time: TIME });
    const read = received(event);
    expect(read.validate()).toBe(true);
    expect(read.data).toEqual(standardTree({ event, webhook, model: null }).data);
  });
});
