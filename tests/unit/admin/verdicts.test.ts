/** Verdicts in the panel: their meaning, their counts, and what is never resent. */
import { isResendable, verdictCounts } from '../../../admin/pages/deliveries/delivery-states';
import { consequenceOf } from '../../../admin/pages/webhooks/consequence';
import type { Delivery, Health } from '../../../server/contract/delivery';
import { MODES, ON_ERROR, VERDICT_KINDS, type Verdict } from '../../../server/contract/document';
import { judge } from '../../../server/workflow/validation/judgement';

const verdict = (patch: Partial<Verdict>): Verdict => ({
  ...{ webhook: { id: 'w', name: 'W' }, kind: 'refused', mode: 'enforce', onError: 'refuse' },
  ...{ message: '', errors: [], warnings: [], durationMs: 1 },
  ...patch,
});
const meant = (patch: Partial<Verdict>) => consequenceOf(verdict(patch));

describe('A verdict in a test', () => {
  test('that allows lets the command run, with its warnings', () => {
    expect(meant({ kind: 'allowed' })).toBe('runs');
    expect(meant({ kind: 'allowed', warnings: ['No picture.'] })).toBe('runsWithWarning');
    expect(meant({ kind: 'allowed', warnings: ['No picture.'], mode: 'audit' })).toBe('runs');
  });

  test('that refuses stops the command, warns, or is only recorded, by the mode', () => {
    expect(meant({})).toBe('isRefused');
    expect(meant({ onError: 'allow' })).toBe('isRefused');
    expect(meant({ mode: 'warn' })).toBe('runsWithWarning');
    expect(meant({ mode: 'audit' })).toBe('runs');
  });

  test('that is missing stops the command or warns, by what the webhook says of it', () => {
    expect(meant({ kind: 'noAnswer' })).toBe('isRefused');
    expect(meant({ kind: 'noAnswer', mode: 'warn' })).toBe('runsWithWarning');
    expect(meant({ kind: 'noAnswer', onError: 'allow' })).toBe('runsWithWarning');
    expect(meant({ kind: 'noAnswer', mode: 'audit' })).toBe('runs');
  });

  test('means for the editor what the server makes of it', () => {
    const all = VERDICT_KINDS.flatMap((kind) =>
      MODES.flatMap((mode) =>
        ON_ERROR.flatMap((onError) =>
          [[], ['No picture.']].map((warnings) =>
            verdict({ kind, mode, onError, warnings, message: 'So it is.' }),
          ),
        ),
      ),
    );
    const asJudged = (one: Verdict) => {
      const { isAllowed, warnings } = judge([one]);
      if (!isAllowed) return 'isRefused';
      return warnings.length > 0 ? 'runsWithWarning' : 'runs';
    };
    expect(all).toHaveLength(48);
    expect(all.map(consequenceOf)).toEqual(all.map(asJudged));
  });
});

describe('The counts of verdicts', () => {
  const webhook = (verdicts: Health['webhooks'][number]['verdicts']) => ({
    id: 'w',
    name: 'W',
    state: 'healthy',
    consecutiveFailures: 0,
    verdicts,
  });

  test('are those of every validation webhook together, refusals and missing answers apart', () => {
    const webhooks = [
      webhook(null),
      webhook({ allowed: 1, refused: 2, noAnswer: 3, unreadable: 4 }),
      webhook({ allowed: 10, refused: 0, noAnswer: 1, unreadable: 0 }),
    ];
    expect(verdictCounts({ webhooks })).toEqual({
      allowed: 11,
      refused: 2,
      noAnswer: 4,
      unreadable: 4,
    });
  });

  test('are not shown where nothing is validated', () => {
    expect(verdictCounts({ webhooks: [webhook(null)] })).toBeNull();
  });
});

describe('A delivery', () => {
  const delivery = (event: string) =>
    ({ event, state: 'dead', webhook: { id: 'w', name: 'W' }, isTest: false }) as Delivery;

  test('of a validation is never resent: a command waited for its answer', () => {
    expect(isResendable(delivery('workflow.transition'))).toBe(true);
    expect(isResendable(delivery('workflow.validation'))).toBe(false);
  });
});
