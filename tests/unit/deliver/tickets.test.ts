import { MOST_WAITING, roomFor, ticketOf } from '../../../server/deliver/engines/queues.service';

const nobody = { first: 0, again: 0, held: [] };

describe('a ticket', () => {
  it('has the same id for one attempt, and another for the next', () => {
    const first = ticketOf('first')({ id: 7, attempt_count: 0 });
    expect(first).toEqual({ ticketId: 'first.7.0', deliveryId: 7, claimClass: 'first' });
    expect(ticketOf('first')({ id: 7, attempt_count: 0 })).toEqual(first);
    expect(ticketOf('again')({ id: 7, attempt_count: 1 }).ticketId).toBe('again.7.1');
  });

  it('has an id that BullMQ takes: no number, and no colon', () => {
    const { ticketId } = ticketOf('first')({ id: 7, attempt_count: 0 });
    expect(Number.isNaN(Number(ticketId))).toBe(true);
    expect(ticketId).not.toContain(':');
  });
});

describe('the room for tickets', () => {
  it('is bounded, however much is due', () => {
    expect(roomFor(nobody, 16)).toEqual({ first: MOST_WAITING, again: 8 });
  });

  it('is filled up once half is used, and left alone before', () => {
    expect(roomFor({ ...nobody, first: MOST_WAITING / 2 }, 16).first).toBe(MOST_WAITING / 2);
    expect(roomFor({ ...nobody, first: MOST_WAITING / 2 + 1 }, 16).first).toBe(0);
  });

  it('leaves retries half of the limit, those under way counted', () => {
    const held = ['again.1.1', 'again.2.3', 'first.3.0'];
    expect(roomFor({ first: 0, again: 4, held }, 16).again).toBe(2);
    expect(roomFor({ first: 0, again: 40, held }, 16).again).toBe(0);
    expect(roomFor(nobody, 1).again).toBe(1);
  });
});
