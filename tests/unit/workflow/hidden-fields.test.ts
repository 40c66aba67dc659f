import type { Verdict } from '../../../server/contract/document';
import { withoutHiddenFields } from '../../../server/workflow/validation/judgement';

const verdict = (...errors: Verdict['errors']): Verdict => ({
  webhook: { id: 'a', name: 'Check' },
  kind: 'refused',
  mode: 'enforce',
  onError: 'refuse',
  message: 'No',
  errors,
  warnings: [],
  durationMs: 1,
});

it('keeps what is about no field, and about fields that may be read', () => {
  const whole = verdict(
    { path: null, message: 'Not today' },
    { path: 'seo.metaTitle', message: 'Too short' },
  );
  expect(withoutHiddenFields(whole, new Set(['seo']))).toBe(whole);
});

it('says once that something is about fields that may not be read', () => {
  const given = verdict(
    { path: 'title', message: 'Too short' },
    { path: 'body', message: 'Canary' },
    { path: 'links.0.url', message: 'Canary' },
  );
  expect(withoutHiddenFields(given, new Set(['title'])).errors).toEqual([
    { path: 'title', message: 'Too short' },
    { path: null, message: 'It concerns a field that you may not see.' },
  ]);
});
