/** Whether an event's name is among the patterns that a webhook subscribes to. */

/** `*` is every event, `entry.*` every event of that prefix; anything else is one event's name. */
const isMatch = (pattern: string, name: string) =>
  pattern === '*' ||
  pattern === name ||
  (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));

/** No patterns match nothing, as in Sitecore. */
export const isSubscribed = (patterns: readonly string[], name: string) =>
  patterns.some((pattern) => isMatch(pattern, name));
