import type { WebhookEvent } from '../../../server/contract/event';
import { eventOf, storedTextOf } from '../../../server/store/outbox/rows';

const long = (letter: string) => letter.repeat(100_000);

const event = (over: Partial<WebhookEvent>): WebhookEvent => ({
  id: 'evt_1',
  name: 'entry.update',
  time: '2026-01-01T00:00:00.000Z',
  uid: 'api::page.page',
  model: 'page',
  documentId: 'd1',
  locale: null,
  status: 'draft',
  entry: null,
  previous: null,
  changes: [],
  actor: { type: 'system', id: null, name: null },
  ...over,
});

const same = { blocks: [{ text: long('c') }], meta: { b: 1, a: 2 } };
const update = event({
  entry: { id: 1, title: 'Short', body: long('a'), ...same, note: null },
  previous: { id: 1, title: 'Other', body: long('b'), ...structuredClone(same), note: null },
  changes: [
    { field: 'title', from: 'Other', to: 'Short' },
    { field: 'body', from: long('b'), to: long('a') },
    { field: 'secret' },
  ],
});

describe('a stored event', () => {
  it.each<[string, WebhookEvent]>([
    ['an update', update],
    ['a deletion', event({ entry: update.entry, previous: structuredClone(update.entry) })],
    ['a creation', event({ entry: update.entry })],
    ['one of no document', event({ uid: null })],
  ])('is read as it was: %s', (_what, given) => {
    expect(JSON.stringify(eventOf(storedTextOf(given)))).toBe(JSON.stringify(given));
  });

  it('holds each large value once', () => {
    const text = storedTextOf(update);
    for (const letter of ['a', 'b', 'c']) expect(text.split(long(letter))).toHaveLength(2);
    expect(text.length).toBeLessThan(301_500);
  });

  it('keeps the order of keys where only that differs', () => {
    const given = event({ entry: { meta: { a: 1, b: 2 } }, previous: { meta: { b: 2, a: 1 } } });
    expect(JSON.stringify(eventOf(storedTextOf(given)))).toBe(JSON.stringify(given));
  });

  it('of an earlier version is read as it is', () => {
    expect(eventOf(JSON.stringify(update))).toEqual(update);
  });
});
