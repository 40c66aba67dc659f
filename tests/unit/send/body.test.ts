import { FORMATS } from '../../../server/contract/webhook';
import { bodyOf } from '../../../server/send/request';
import { articleEvent, articleModel, transitionEvent, webhook } from './events';
import { deep } from '../store/deep';
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

  it('has an empty element in XML for what a move in a workflow does not have, and no element for an empty list', () => {
    const { body: xml } = bodyOf({
      event: transitionEvent({ command: null, to: null, comment: null, verdicts: [] }),
      webhook: { ...webhook, format: 'standard', serialization: 'xml' },
      model: articleModel,
    });
    expect(xml).toContain('<command/><from><key>draft</key>');
    expect(xml).toContain('<to/><comment/><dryRun>false</dryRun></data>');
  });

  it.each(['json', 'xml'] as const)(
    'in %s has U+FFFD for a lone surrogate, in keys too',
    (serialization) => {
      const entry = {
        title: 'a\ud83d',
        'k\udc00': ['\ud83d\ude00'],
        data: { 'in\ud800': '\udfff' },
      };
      for (const format of FORMATS) {
        const { body: text } = bodyOf({
          event: articleEvent({ entry, changes: [{ field: 'title', from: null, to: '\ud83d' }] }),
          webhook: { ...webhook, name: 'Shop \ud83d', format, serialization },
          model: articleModel,
        });
        expect(text).not.toMatch(/\\ud[89a-f]/i);
        expect(text).not.toMatch(/\p{Cs}/u);
        expect(text).toContain('\ufffd');
        expect(text).toContain('😀');
      }
    },
  );

  it.each([2_000, 10_000])('holds JSON that is nested %d deep, in every format', (depth) => {
    const entry = { title: 'New', data: deep(depth), tags: [deep(depth)] };
    const event = articleEvent({
      entry,
      previous: entry,
      changes: [{ field: 'data', from: null, to: deep(depth) }],
    });
    for (const format of FORMATS)
      for (const serialization of ['json', 'xml'] as const) {
        const { body: text } = bodyOf({
          event,
          webhook: { ...webhook, format, serialization },
          model: articleModel,
        });
        expect(text.includes('bottom')).toBe(true);
      }
  });

  it('is the same to the letter whenever it is made of the same event', () => {
    expect(body('xml')).toEqual(body('xml'));
    expect(body('json')).toEqual(body('json'));
  });
});
