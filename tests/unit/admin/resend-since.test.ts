import { resendSince } from '../../../admin/pages/webhooks/resend-since';

const DISABLED = '2026-11-21T18:00:00.000Z';
const FAILING = '2026-11-16T18:00:00.000Z';

describe('what is offered to be resent when a webhook is enabled again', () => {
  it('begins a little before its first failure in a row', () => {
    expect(resendSince({ disabledAt: DISABLED, failingSince: FAILING })).toBe(
      '2026-11-16T17:50:00.000Z',
    );
  });

  it('begins a little before it was disabled, where one answer was enough for that', () => {
    expect(resendSince({ disabledAt: DISABLED, failingSince: null })).toBe(
      '2026-11-21T17:50:00.000Z',
    );
  });

  it('has no beginning where none is known', () => {
    expect(resendSince({ disabledAt: null, failingSince: null })).toBeNull();
  });
});
