/** Addresses of the plugin's endpoints. Pure. */
import { PLUGIN_ID } from '../../server/contract/names';

/** Below Strapi's admin routes. Each part is encoded, because the names of content types hold colons. */
export function path(...parts: string[]): string {
  return `/${PLUGIN_ID}/${parts.map(encodeURIComponent).join('/')}`;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** `?page=1&search=a%26b`, without what is empty. Strapi's client would join parameters unescaped. */
export function queryString(query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}
