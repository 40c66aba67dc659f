/** The document and locale of a drawn step, as numbers, because the ids are known only during the run. */
import fc from 'fast-check';
import { ARTICLE } from '../scene';
import type { Content, Document, Found, Model } from './documents';

export type Target = { document: number; place: number };

export const target = (): fc.Arbitrary<Target> =>
  fc.record({ document: fc.nat(2), place: fc.nat(1) });

/** Only two titles, so that edits often change nothing or restore the approved title. */
export const title = () => fc.constantFrom('One', 'Two');

export const picked = <T>(items: readonly T[], number: number): T | null =>
  items[number % items.length] ?? null;

export const targetIn = (model: Model, { document, place }: Target): Found | null => {
  const found = picked(model.documents, document);
  const chosen = found && picked(found.places, place);
  return found && chosen ? { document: found, place: chosen } : null;
};

/** A reference that is valid in copies of the model too: races try both orders of steps on copies. */
export type Ref = { uid: string; documentId: string; locale: string | null };

export const refOf = ({ document, place }: Found): Ref => ({
  uid: document.uid,
  documentId: document.documentId,
  locale: place.locale,
});

export const describeRef = ({ uid, documentId, locale }: Ref) =>
  `${uid.split('.').at(-1)} ${documentId.slice(0, 4)}${locale === null ? '' : ` ${locale}`}`;

export const query = ({ locale }: Pick<Ref, 'locale'>, more: Record<string, string> = {}) => {
  const all = new URLSearchParams({ ...(locale === null ? {} : { locale }), ...more }).toString();
  return all === '' ? '' : `?${all}`;
};

/** The locale as a parameter of the document service, if there is one. */
export const inLocale = ({ locale }: Pick<Ref, 'locale'>) => (locale === null ? {} : { locale });

export const manager = (uid: string, rest = '') =>
  `/content-manager/collection-types/${uid}${rest}`;

export const restPath = (uid: string, rest = '') =>
  `/${uid === ARTICLE ? 'articles' : 'pages'}${rest}`;

export const isLocalizedType = (uid: string) => uid === ARTICLE;

export const contentOf = (text: string): Content => ({ title: text, views: null });

export const hasEqualViews = ({ places }: Document): boolean =>
  new Set(places.flatMap(({ draft, published }) => [draft.views, (published ?? draft).views]))
    .size === 1;
