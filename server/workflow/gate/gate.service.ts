/**
 * The gate: a document service middleware around every other one, through which whatever publishes or edits must go,
 * the content manager, REST, GraphQL, releases and code alike.
 */
import type { Schemas } from '../../strapi/model/schema.service';
import type { Clearances } from './clearances.service';
import type { Edits } from '../state/edits.service';
import type { OwnGate } from './own-gate.service';
import type { Passes } from '../command/passes.service';
import type { PublicationGate } from './publication-gate.service';
import type { ReviewGate } from './review-gate.service';
import type { Flows } from '../definition/flows.service';

type Row = Record<string, unknown>;

const GATED = ['create', 'update', 'publish', 'unpublish', 'discardDraft'] as const;
export type GatedAction = (typeof GATED)[number];

export type Call = {
  action: GatedAction;
  uid: string;
  params: {
    documentId?: string;
    locale?: string | string[] | null;
    status?: string;
    data?: Row;
  };
};
export type Next = () => Promise<unknown>;

type Context = Omit<Call, 'action'> & { action: string };

type Options = {
  schemas: Schemas;
  flows: Flows;
  passes: Passes;
  clearances: Clearances;
  edits: Edits;
  ownGate: OwnGate;
  publicationGate: PublicationGate;
  reviewGate: ReviewGate;
};

const isGated = (context: Context): context is Call =>
  (GATED as readonly string[]).includes(context.action);

const isPublishing = ({ action, params }: Call) =>
  action === 'publish' ||
  ((action === 'create' || action === 'update') && params.status === 'published');

/** Strapi ignores the `documentId` of a creation, but takes one from its data. */
const documentIdOf = ({ action, params }: Call) =>
  action === 'create' ? (params.data?.documentId as string | undefined) : params.documentId;

export const createGate = (options: Options) => {
  const { schemas, flows, passes, clearances, edits, ownGate, publicationGate, reviewGate } =
    options;

  /** The gates call it once they have let the action through, and with it the rows that it publishes. */
  const cleared = (call: Call, next: Next): Next => {
    if (!isPublishing(call)) return next;
    const which = { uid: call.uid, documentId: documentIdOf(call), locale: call.params.locale };
    return () => clearances.run(which, next);
  };

  return async (context: Context, next: Next): Promise<unknown> => {
    const { uid, action, params } = context;
    if (!schemas.watched(uid)) return next();
    if (action === 'delete')
      return edits.deleted({ uid, documentId: params.documentId ?? '' }, next);
    if (!isGated(context)) return next();
    const carryOut = cleared(context, next);
    if (passes.isOpenFor(context)) return carryOut();
    const own = await flows.own(uid);
    if (own) return ownGate(own, context, carryOut);
    return reviewGate(context, () => publicationGate(context, carryOut));
  };
};
