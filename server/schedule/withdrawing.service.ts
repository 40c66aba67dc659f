/** A document that is deleted takes its open schedules with it: nobody is told of a failure that nobody made. */
import type { Core } from '@strapi/strapi';
import type { Actor } from '../contract/event';
import type { InTransaction } from '../store/transaction.service';
import { SCHEDULE_UID } from '../store/models';
import { ended, GONE, type ScheduleRow } from './plan';
import type { Noting } from './noting.service';
import type { Telling } from './telling.service';

type Options = {
  strapi: Core.Strapi;
  telling: Telling;
  noting: Noting;
  transaction: InTransaction;
  actor(): Actor;
};
type Action = { uid: string; action: string; params?: { documentId?: string } };

export const createWithdrawing = ({ strapi, telling, noting, transaction, actor }: Options) => {
  const rows = () => strapi.db.query(SCHEDULE_UID as never);

  /** With the document, as long as it is there to be told of. */
  const openOf = async (uid: string, documentId: string) => {
    const open = (await rows().findMany({
      where: { uid, documentId, state: 'scheduled' },
    })) as ScheduleRow[];
    return Promise.all(open.map(async (row) => ({ row, entry: await telling.entryOf(row) })));
  };

  type Open = Awaited<ReturnType<typeof openOf>>[number];

  const withdraw = async ({ row, entry }: Open): Promise<void> => {
    // Not every locale need be gone.
    if (await telling.entryOf(row)) return;
    const data = { ...ended(row), state: 'cancelled' as const, error: GONE };
    const { count } = await rows().updateMany({ where: { id: row.id, state: 'scheduled' }, data });
    if (count === 0) return;
    await noting.note(row, 'cancelled');
    await telling.tell('schedule.delete', { ...row, ...data }, { by: actor(), entry });
  };

  /** A document middleware, around the capture. */
  const withdrawWithin = async (
    { uid, action, params }: Action,
    next: () => Promise<unknown>,
  ): Promise<unknown> => {
    if (action !== 'delete' || !params?.documentId) return next();
    const open = await openOf(uid, params.documentId);
    if (open.length === 0) return next();
    return transaction(async () => {
      const result = await next();
      for (const one of open) await withdraw(one);
      return result;
    });
  };

  return { withdrawWithin };
};
