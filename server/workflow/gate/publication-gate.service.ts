/**
 * The gate of types without a workflow of their own. The content manager's own buttons are asked about at its doors,
 * before Strapi opens a transaction; whatever comes by another way is asked about here.
 */
import type { Knex } from 'knex';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Answers } from './answers.service';
import type { AskedLog } from '../verdict/asked-log.service';
import type { Drafts } from '../state/drafts.service';
import type { Call, Next } from './gate.service';
import type { Moves } from '../command/moves.service';
import type { Tables } from '../../store/tables.service';
import type { Asked, Publication, PublicationWish } from './publication.service';
import { changedMeanwhile } from '../command/refusal';

type Options = {
  schemas: Schemas;
  tables: Tables;
  drafts: Drafts;
  publication: Publication;
  moves: Moves;
  answers: Answers;
  askedLog: AskedLog;
};

type Answer = { documentId?: string; locale?: string | null } | null | undefined;

const commandOf = ({ action, params }: Call): PublicationWish['command'] | null => {
  switch (action) {
    case 'create':
    case 'update':
      return params.status === 'published' ? 'publish' : null;
    case 'publish':
    case 'unpublish':
      return action;
    case 'discardDraft':
      return 'discard';
  }
};

export const createPublicationGate = (options: Options) => {
  const { schemas, tables, drafts, publication, moves, answers, askedLog } = options;

  /** Of an unpublication, the published version is what was asked about, whatever becomes of the draft. */
  const checkUnchanged = async ({ move, base }: Asked, trx: Knex.Transaction): Promise<void> => {
    if (base === null) return;
    const read = move.command?.key === 'unpublish' ? drafts.readPublished : drafts.read;
    const now = await read(move.place, { trx, lock: true });
    if (now?.fingerprint !== base) throw changedMeanwhile();
  };

  /** Of what was created with the same action, the answer tells who it is. */
  const named = ({ move }: Asked, answer: Answer) =>
    move.place.documentId === '' && answer?.documentId
      ? { ...move, place: { ...move.place, documentId: answer.documentId } }
      : move;

  const record = async (asked: readonly Asked[], answer: Answer, trx: Knex.Transaction) => {
    for (const one of asked) {
      const { verdicts, store } = one.decision;
      await moves.record(
        { move: named(one, answer), outcome: 'moved', verdicts, also: store },
        trx,
      );
    }
  };

  /** A save before a publication that was asked about must still find what was asked about. */
  const saved = async (call: Call, next: Next) => {
    const asked = answers.of(call);
    if (asked.length === 0) return next();
    return tables.transaction(async (trx) => {
      for (const one of asked) await checkUnchanged(one, trx);
      const result = await next();
      answers.saved(asked);
      return result;
    });
  };

  const carriedOut = (asked: readonly Asked[], call: Call, next: Next) =>
    tables.transaction(async (trx) => {
      answers.carried(asked);
      await askedLog.ifRolledBack(asked.map(({ decision }) => decision));
      for (const one of asked) if (!answers.isSaved(one)) await checkUnchanged(one, trx);
      const result = (await next()) as Answer;
      await record(asked, result ?? { documentId: call.params.documentId ?? '' }, trx);
      return result;
    });

  const askedAbout = async (call: Call, command: PublicationWish['command']): Promise<Asked[]> => {
    const { uid, params } = call;
    const known = answers.of(call, command);
    if (known.length > 0) return known;
    return publication.ask([
      {
        uid,
        command,
        documentId: params.documentId ?? null,
        locale: params.locale,
        form: params.data,
      },
    ]);
  };

  return async (call: Call, next: Next): Promise<unknown> => {
    const model = schemas.watched(call.uid)?.model;
    if (!model || !hasDraftAndPublish(model)) return next();
    const command = commandOf(call);
    if (command === null) return call.action === 'update' ? saved(call, next) : next();
    if (!(await publication.isBound())) return next();
    return carriedOut(await askedAbout(call, command), call, next);
  };
};

export type PublicationGate = ReturnType<typeof createPublicationGate>;
