/** Verdicts for the tests of the editor's panel. */
import type { Verdict } from '../../../server/contract/document';

export const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  webhook: { id: '1', name: 'Style guide' },
  kind: 'allowed',
  mode: 'enforce',
  onError: 'refuse',
  message: '',
  errors: [],
  warnings: [],
  durationMs: 12,
  ...over,
});

export const named = (name: string, over: Partial<Verdict> = {}): Verdict =>
  verdict({ webhook: { id: name, name }, ...over });

export const names = (verdicts: readonly Verdict[]) => verdicts.map(({ webhook }) => webhook.name);
