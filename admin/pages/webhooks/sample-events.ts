/** Which events a test or a preview may be a sample of. */
import { EVENT_NAMES } from '../../../server/contract/catalogue';

const isMatch = (pattern: string, name: string) =>
  pattern === '*' ||
  pattern === name ||
  (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));

/** The events that the patterns name, all if they name none; `first` ones lead, whatever the patterns. */
export const sampleEvents = (patterns: readonly string[], first: readonly string[] = []) => {
  const wanted = EVENT_NAMES.filter((name) => patterns.some((pattern) => isMatch(pattern, name)));
  const names = [...new Set([...first, ...(wanted.length > 0 ? wanted : EVENT_NAMES)])];
  return names.map((name) => ({ value: name, label: name }));
};
