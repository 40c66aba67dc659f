import { bodyOf } from '../../../server/request/body';
import { articleEvent, articleModel, transitionEvent, webhook } from './events';
import { parsed } from './xml-checks';

const body = (serialization: 'json' | 'xml') =>
  bodyOf({
    event: articleEvent(),
    webhook: { ...webhook, format: 'standard', serialization },
    model: articleModel,
  });

describe('a body', () => {
  it('is JSON of the media type application/json', () => {
    const { contentType, body: text } = body('json');
    expect(contentType).toBe('application/json');
    expect(JSON.parse(text).type).toBe('entry.update');
  });

  it('is the same tree in XML, of the media type application/xml in UTF-8', () => {
    const { contentType, body: text } = body('xml');
    expect(contentType).toBe('application/xml; charset=utf-8');
    expect(parsed(text).event).toMatchObject({
      type: 'entry.update',
      data: { documentId: articleEvent().documentId, entry: { title: 'New', rank: '3' } },
    });
  });

  it('has an empty element in XML for what a move in a workflow has not', () => {
    const { body: xml } = bodyOf({
      event: transitionEvent({ command: null, to: null, comment: null, verdicts: [] }),
      webhook: { ...webhook, format: 'standard', serialization: 'xml' },
      model: articleModel,
    });
    expect(xml).toContain('<command/><from><key>draft</key>');
    expect(xml).toContain('<to/><comment/><dryRun>false</dryRun><verdicts/>');
  });

  it('is the same to the letter whenever it is made of the same event', () => {
    expect(body('xml')).toEqual(body('xml'));
    expect(body('json')).toEqual(body('json'));
  });
});
