/** One locale of one document: what has a state. */
export type Place = {
  uid: string;
  documentId: string;
  /** Null where the content type is not localized. */
  locale: string | null;
};

/** As it is stored: nulls are never equal in an index. */
export const languageOf = ({ locale }: Pick<Place, 'locale'>) => locale ?? '';

/** As it was stored, back again. */
export const localeOf = ({ language }: { language: string }) => language || null;

export const keyOf = (place: Place) => `${place.uid} ${place.documentId} ${languageOf(place)}`;
