/** An event as a webhook may be sent it: related end users only by their ids, unless it may be sent end users. Pure. */
import { withRelated } from '../strapi/model/document-tree';
import { isAboutDocument } from '../contract/catalogue';
import type { WebhookEvent } from '../contract/event';
import { mayHaveEndUsers, type EndUserWish } from './end-users';
import { END_USER, type ContentModel, type ModelOf } from '../strapi/model/content-model';

type Row = Record<string, unknown>;
type Schemas = { modelOf: ModelOf; relatesToEndUsers(uid: string): boolean };

/** Enough to know which one it is, and nothing about the person. */
const identityOf = ({ id, documentId, __type }: Row): Row => ({
  id,
  documentId,
  ...(__type === undefined ? {} : { __type }),
});

export const createAsSentTo = ({ modelOf, relatesToEndUsers }: Schemas) => {
  const without = (row: Row | null, model: ContentModel): Row | null =>
    row &&
    withRelated(row, model, {
      modelOf,
      replace: ({ uid, row: related }) => (uid === END_USER ? identityOf(related) : related),
    });

  return (event: WebhookEvent, webhook: EndUserWish): WebhookEvent => {
    const { uid, name, entry, previous } = event;
    if (uid === null || !isAboutDocument(name) || mayHaveEndUsers(webhook)) return event;
    const model = relatesToEndUsers(uid) ? modelOf(uid) : undefined;
    // `changes` names related documents by their ids anyway.
    return model
      ? { ...event, entry: without(entry, model), previous: without(previous, model) }
      : event;
  };
};

export type AsSentTo = ReturnType<typeof createAsSentTo>;
