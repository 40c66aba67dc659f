/** What was asked about at a door of the content manager, kept for the document service behind it: by request. */
import type { Core } from '@strapi/strapi';
import type { Call } from './gate.service';
import type { Asked, PublicationWish } from './publication.service';

const KEY = 'workflowWebhooks';

type Kept = { asked: Asked[]; saved: Set<Asked>; carried: Set<Asked> };
type State = { [KEY]?: Kept };

export const createAnswers = (strapi: Core.Strapi) => {
  const kept = (): Kept | undefined =>
    (strapi.requestContext.get()?.state as State | undefined)?.[KEY];

  const isOf = ({ uid, params }: Call) => {
    const given = params.locale;
    const locales = given === undefined || given === null || given === '*' ? null : [given].flat();
    return ({ move: { place } }: Asked) =>
      place.uid === uid &&
      (place.documentId === '' || place.documentId === params.documentId) &&
      (locales === null || place.locale === null || locales.includes(place.locale));
  };

  return {
    keep: (state: object, asked: Asked[]) => {
      (state as State)[KEY] = { asked, saved: new Set(), carried: new Set() };
    },
    /** Of this document, and of one command where it is named. */
    of: (call: Call, command?: PublicationWish['command']): Asked[] =>
      (kept()?.asked ?? [])
        .filter(isOf(call))
        .filter(({ move }) => command === undefined || move.command?.key === command),
    /** From now on the draft is the one that was asked about. */
    saved: (asked: readonly Asked[]) => asked.forEach((one) => kept()?.saved.add(one)),
    isSaved: (one: Asked) => kept()?.saved.has(one) ?? false,
    /** From now on whoever carries it out sees to what is remembered of it. */
    carried: (asked: readonly Asked[]) => asked.forEach((one) => kept()?.carried.add(one)),
    /** What was asked about for nothing: Strapi itself would not have it. */
    idle: (state: object): Asked[] => {
      const { asked = [], carried } = (state as State)[KEY] ?? {};
      return asked.filter((one) => !carried?.has(one));
    },
  };
};

export type Answers = ReturnType<typeof createAnswers>;
