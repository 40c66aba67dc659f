/**
 * What documents stand for when the workflow itself is changed under them. There may be tens of thousands: they are read
 * in pieces before the change, each in a short transaction of its own, so that nobody waits for all of them. In the
 * transaction of the change, only those that were changed meanwhile are read once more.
 */
import type { Knex } from 'knex';
import { CHUNK } from '../../strapi/chunks';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Tables } from '../../store/tables.service';
import type { WorkflowRow } from '../workflows/workflow-record';
import type { Drafts } from './drafts.service';
import type { Piece, Pieces } from './pieces.service';
import { keyOf } from '../../strapi/model/place';

type Options = { schemas: Schemas; tables: Tables; drafts: Drafts; pieces: Pieces };

type NextPiece = (after: number, trx: Knex.Transaction) => Promise<Piece>;

/** What drafts said, and the version of them that was read. */
export type Notes = Map<string, { fingerprint: string; updatedAt: number }>;

export type Way = { from: string; to: string };

export const createApproving = ({ schemas, tables, drafts, pieces }: Options) => {
  /** Content types that are gone have no documents. */
  const watched = (uids: readonly string[]) =>
    uids.flatMap((uid) => {
      const model = schemas.watched(uid)?.model;
      return model ? [{ uid, isDraftAndPublish: hasDraftAndPublish(model) }] : [];
    });

  /** How many documents of these types never moved. */
  const unmovedOf = async (uids: readonly string[], trx: Knex.Transaction): Promise<number> => {
    let sum = 0;
    for (const { uid, isDraftAndPublish } of watched(uids))
      sum += await pieces.countUnmoved(uid, { trx, isDraftAndPublish });
    return sum;
  };

  /** Reads the drafts of a piece that were not read before, or that were written since. */
  const refresh = async (piece: Piece, notes: Notes, trx: Knex.Transaction): Promise<void> => {
    const places = piece.map(({ place }) => place);
    for (const { uid, isDraftAndPublish } of watched([...new Set(places.map(({ uid }) => uid))])) {
      const own = places.filter((place) => place.uid === uid);
      const versions = await pieces.versionsOf(uid, own, { trx, isDraftAndPublish });
      const stale = own.filter(
        (place) => notes.get(keyOf(place))?.updatedAt !== versions.get(keyOf(place)),
      );
      for (const { place, fingerprint } of await drafts.readMany(uid, stale, { trx })) {
        const updatedAt = versions.get(keyOf(place));
        if (updatedAt !== undefined) notes.set(keyOf(place), { fingerprint, updatedAt });
      }
    }
  };

  const inState =
    (workflow: string, state: string): NextPiece =>
    (after, trx) =>
      pieces.placesIn({ workflow, state, after }, trx);

  const unmoved =
    (of: ReturnType<typeof watched>[number]): NextPiece =>
    (after, trx) =>
      pieces.unmovedAfter(of.uid, after, { ...of, trx });

  /** `within` gives each piece its transaction. */
  const eachPiece = async (
    next: NextPiece,
    work: (piece: Piece, trx: Knex.Transaction) => Promise<void>,
    within: Tables['transaction'],
  ): Promise<void> => {
    for (let after = 0, isMore = true; isMore;) {
      const piece = await within(async (trx) => {
        const found = await next(after, trx);
        if (found.length > 0) await work(found, trx);
        return found;
      });
      after = piece.at(-1)?.id ?? after;
      isMore = piece.length === CHUNK;
    }
  };

  const inOne =
    (trx: Knex.Transaction): Tables['transaction'] =>
    (work) =>
      work(trx);

  /** Before the change: what the documents say that it would approve. */
  const note = async (
    workflow: string,
    { states, unmovedOf: uids }: { states: readonly string[]; unmovedOf: readonly string[] },
  ): Promise<Notes> => {
    const notes: Notes = new Map();
    const all = [...states.map((state) => inState(workflow, state)), ...watched(uids).map(unmoved)];
    for (const next of all)
      await eachPiece(next, (piece, trx) => refresh(piece, notes, trx), tables.transaction);
    return notes;
  };

  /**
   * Notes what a final state approves, of all documents that come to stand in one: each as it is now, since what is
   * edited later was not approved.
   */
  const approve = (
    workflow: string,
    { from, to }: Way,
    { notes, trx }: { notes: Notes; trx: Knex.Transaction },
  ): Promise<void> =>
    eachPiece(
      inState(workflow, from),
      async (piece) => {
        await refresh(piece, notes, trx);
        const approvals = piece.map(({ place }) => ({
          place,
          fingerprint: notes.get(keyOf(place))?.fingerprint ?? null,
        }));
        await pieces.putApprovals({ workflow, state: to }, approvals, trx);
      },
      inOne(trx),
    );

  /** Documents that never moved have no row, and stand where the workflow starts: they stay there. */
  const keepInitial = async (
    row: WorkflowRow,
    how: { notes: Notes; trx: Knex.Transaction },
  ): Promise<void> => {
    const { documentId: workflow, initialState: state } = row;
    for (const of of watched(row.contentTypes ?? []))
      await eachPiece(
        unmoved(of),
        (piece, trx) =>
          pieces.settle(
            { workflow, state },
            piece.map(({ place }) => place),
            trx,
          ),
        inOne(how.trx),
      );
    if (isFinalIn(row)) await approve(workflow, { from: state, to: state }, how);
  };

  return { note, approve, keepInitial, unmovedOf };
};

/** Whether documents that never moved are approved. */
export const isFinalIn = ({ initialState, states }: Pick<WorkflowRow, 'initialState' | 'states'>) =>
  states.some(({ key, final }) => key === initialState && final);

export type Approving = ReturnType<typeof createApproving>;
