/** What every item and every versioned field says of its version. */
import type { FormatInput } from '../format-input';

/** Strapi's attributes change in place and have no numbered versions. */
export const VERSION = 1;

/** Strapi's own default, until a project chooses another. */
const FIRST_LOCALE = 'en';

/** A content type without locales is in the project's default one: an empty language is none that receivers know. */
export function languageOf({ event, defaultLocale }: FormatInput): string {
  return event.locale ?? defaultLocale ?? FIRST_LOCALE;
}
