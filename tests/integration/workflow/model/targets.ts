/** Which document, and which locale of it, a drawn step is about: by number, since ids are only known while it runs. */
import fc from 'fast-check';
import { ARTICLE } from '../scene';
import type { Content, Document, Found, Model } from './documents';

export type Target = { document: number; place: number };

export const target = (): fc.Arbitrary<Target> =>
  fc.record({ document: fc.nat(2), place: fc.nat(1) });

/** Few, so that an edit often changes nothing, and often brings back what was approved. */
export const title = () => fc.constantFrom('One', 'Two');

export const picked = <T>(items: readonly T[], number: number): T | null =>
  items[number % items.length] ?? null;

export const aim = (model: Model, { document, place }: Target): Found | null => {
  const found = picked(model.documents, document);
  const chosen = found && picked(found.places, place);
  return found && chosen ? { document: found, place: chosen } : null;
};

/** What outlives the model it was found in: two orders of the same steps are tried on copies. */
export type Ref = { uid: string; documentId: string; locale: string | null };

export const refOf = ({ document, place }: Found): Ref => ({
  uid: document.uid,
  documentId: document.documentId,
  locale: place.locale,
});

export const told = ({ uid, documentId, locale }: Ref) =>
  `${uid.split('.').at(-1)} ${documentId.slice(0, 4)}${locale === null ? '' : ` ${locale}`}`;

export const query = ({ locale }: Pick<Ref, 'locale'>, more: Record<string, string> = {}) => {
  const all = new URLSearchParams({ ...(locale === null ? {} : { locale }), ...more }).toString();
  return all === '' ? '' : `?${all}`;
};

/** Of the document service: the locale where there is one. */
export const inLocale = ({ locale }: Pick<Ref, 'locale'>) => (locale === null ? {} : { locale });

export const manager = (uid: string, rest = '') =>
  `/content-manager/collection-types/${uid}${rest}`;

export const restPath = (uid: string, rest = '') =>
  `/${uid === ARTICLE ? 'articles' : 'pages'}${rest}`;

export const isLocalizedType = (uid: string) => uid === ARTICLE;

export const contentOf = (text: string): Content => ({ title: text, views: null });

export const isEven = ({ places }: Document): boolean =>
  new Set(places.flatMap(({ draft, published }) => [draft.views, (published ?? draft).views]))
    .size === 1;
