import type { Attempt, Delivery } from '../../../server/contract/delivery';
import { CSV_COLUMNS, CSV_HEAD, csvLine } from '../../../server/manage/deliveries/csv';
import { rowsOf } from '../docs/page';

const delivery: Delivery = {
  id: '7',
  eventId: 'evt_1',
  event: 'entry.create',
  webhook: { id: 'w1', name: 'Website', isDeleted: false },
  state: 'dead',
  reason: 'The receiver answered 500.',
  attemptCount: 1,
  nextAttemptAt: null,
  createdAt: '2026-11-21T18:12:03.341Z',
  deliveredAt: null,
  uid: 'api::page.page',
  documentId: 'd1',
  locale: null,
  isTest: false,
  verdict: null,
};
const nameCell = (name: string) => {
  const webhook = { ...delivery.webhook, name };
  const line = csvLine({ delivery: { ...delivery, webhook }, last: undefined });
  return line.slice(line.indexOf('w1,') + 3, line.indexOf(',dead,'));
};

describe('a delivery as a row of a CSV table', () => {
  it('has as many cells as there are columns, and tells of the last attempt', () => {
    const last = { at: 'now', outcome: 'refused', error: null, durationMs: 12 };
    const response = { status: 500, headers: {}, body: '' };
    const line = csvLine({ delivery, last: { ...last, response } as unknown as Attempt });
    expect(line.trimEnd().split(',')).toHaveLength(CSV_COLUMNS.length);
    expect(line).toMatch(/,false,,now,refused,500,,12\r\n$/);
    expect(CSV_HEAD).toMatch(/^id,eventId,event,.*lastDurationMs\r\n$/);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])(
    'makes text of what a spreadsheet would run: %j',
    (text) => {
      expect(nameCell(text)).toBe(`"'${text}"`);
    },
  );

  it('quotes commas, quotes and line ends, and nothing else', () => {
    expect(nameCell('a, b')).toBe('"a, b"');
    expect(nameCell('say "hi"')).toBe('"say ""hi"""');
    expect(nameCell('one\ntwo')).toBe('"one\ntwo"');
    expect(nameCell('Grüße = 1')).toBe('Grüße = 1');
  });

  it('has the columns that the docs explain', () => {
    const told = rowsOf('docs/dead-letters.md', 'Export').flatMap(([names = '']) =>
      names.replaceAll('`', '').split(', '),
    );
    expect(told.sort()).toEqual([...CSV_COLUMNS].sort());
  });
});
