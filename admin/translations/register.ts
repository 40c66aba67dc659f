/** Hands the translations to Strapi. A language is a file `<locale>.json` here and a line below. */
import { PLUGIN_ID } from '../../server/contract/names';

type Messages = Record<string, string>;

const LANGUAGES: Record<string, () => Promise<{ default: Messages }>> = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
};

const prefixed = (messages: Messages): Messages =>
  Object.fromEntries(
    Object.entries(messages).map(([key, message]) => [`${PLUGIN_ID}.${key}`, message]),
  );

const translationOf = async (locale: string) => {
  const messages = await LANGUAGES[locale]?.();
  return { locale, data: messages ? prefixed(messages.default) : {} };
};

export const registerTrads = ({ locales }: { locales: string[] }) =>
  Promise.all(locales.map(translationOf));
