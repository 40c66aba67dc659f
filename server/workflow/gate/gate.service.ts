/**
 * The gate: a document service middleware around every other one, through which whatever publishes or edits must go,
 * the content manager, REST, GraphQL, releases and code alike.
 */
import type { Schemas } from '../../schema/schema.service';
import type { Edits } from '../state/edits.service';
import type { OwnGate } from './own-gate.service';
import type { Passes } from '../command/passes.service';
import type { PublicationGate } from './publication-gate.service';
import type { ReviewGate } from './review-gate.service';
import type { Rules } from '../sources/rules.service';

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
  rules: Rules;
  passes: Passes;
  edits: Edits;
  ownGate: OwnGate;
  publicationGate: PublicationGate;
  reviewGate: ReviewGate;
};

const isGated = (context: Context): context is Call =>
  (GATED as readonly string[]).includes(context.action);

export const createGate = (options: Options) => {
  const { schemas, rules, passes, edits, ownGate, publicationGate, reviewGate } = options;

  return async (context: Context, next: Next): Promise<unknown> => {
    const { uid, action, params } = context;
    if (!schemas.watched(uid)) return next();
    if (action === 'delete')
      return edits.deleted({ uid, documentId: params.documentId ?? '' }, next);
    if (!isGated(context)) return next();
    if (passes.isOpenFor(uid, params.documentId)) return next();
    const own = await rules.own(uid);
    if (own) return ownGate(own, context, next);
    return reviewGate(context, () => publicationGate(context, next));
  };
};
