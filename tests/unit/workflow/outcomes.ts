/** Outcomes of a call to a validation endpoint, and what is made of them. */
import type { Answered, FailureReason, Outcome } from '../../../server/send/http/outcome';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';

export const answered = (body: string, more: Partial<Answered> = {}): Outcome => ({
  kind: 'answered',
  status: 200,
  headers: {},
  body,
  isTruncated: false,
  ms: 12,
  ...more,
});
export const failed = (reason: FailureReason, message: string, ms = 3004): Outcome => ({
  kind: 'failed',
  reason,
  message,
  ms,
});
export const of = (body: string, more: Partial<Answered> = {}) =>
  validationAnswerOf(answered(body, more));
export const ofJson = (value: unknown) => of(JSON.stringify(value));

export const allowed = { kind: 'allowed', message: '', errors: [], warnings: [] };
export const refused = { kind: 'refused', message: '', errors: [], warnings: [] };
export const EXPECTED = 'Expected { "IsValid": true } or { "allowed": true }.';
export const unreadable = (code: string) => ({
  kind: 'unreadable',
  code,
  message: expect.stringMatching(/Expected \{ "IsValid": true \} or \{ "allowed": true \}\.$/),
});
