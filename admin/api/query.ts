/** Query strings of our requests. Strapi's fetch client joins parameters unescaped, so that a search for "a&b" would break. */
export type Query = Record<string, string | number | boolean | null | undefined>;

const isGiven = (value: Query[string]) => value !== undefined && value !== null && value !== '';

/** `?page=1&search=a%26b`, without what is empty; '' if nothing is left. */
export const queryString = (query: Query): string => {
  const given = Object.entries(query).filter(([, value]) => isGiven(value));
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
};
