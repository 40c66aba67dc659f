/** What goes over the wire, and nothing about why. */
export type OutgoingRequest = {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
};

/**
 * Adds headers without regard to case: a header of the same name, however written, is replaced.
 * HTTP field names are case-insensitive (RFC 9110, 5.1), but an object's keys are not, and two
 * keys for one field would be sent as two values.
 */
export const withHeaders = (
  headers: Record<string, string>,
  added: Record<string, string>,
): Record<string, string> => {
  const replaced = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...added };
};
