/** The log line of a call that somebody waited for. */
import type { FinishedCall } from '../../../server/store/outbox/add.service';
import type { VerdictKind } from '../../../server/contract/document';
import { callLine } from '../../../server/observe/log-lines.service';
import { articleEvent } from '../send/events';

const call = (verdict: VerdictKind | null, reason = ''): FinishedCall =>
  ({
    webhook: { id: 'w', name: 'check', format: 'standard', serialization: 'json' },
    attempt: {
      at: 0,
      durationMs: 5,
      outcome: 'delivered',
      trigger: 'automatic',
      request: { method: 'POST', url: 'https://example.com', headers: {}, body: '' },
      response: { status: 200, headers: {}, body: '' },
      error: null,
    },
    isDelivered: true,
    isTest: false,
    reason,
    verdict,
  }) as unknown as FinishedCall;

describe('The line of a call to a validation', () => {
  test('names an unreadable answer and the expected one', () => {
    const { message, facts } = callLine(articleEvent(), call('unreadable', 'It was empty.'));
    expect(message).toContain('delivered 200 in 5 ms, unreadable answer: It was empty. (evt_1)');
    expect(facts).toMatchObject({ verdict: 'unreadable', reason: 'It was empty.' });
  });

  test('holds no words of the receiver where it decided', () => {
    const { message, facts } = callLine(articleEvent(), call('refused', 'Words of the receiver.'));
    expect(message).toContain('in 5 ms, refused (evt_1)');
    expect(facts).toMatchObject({ verdict: 'refused', reason: null });
  });
});
