/** Editors who save, change and take back, whatever happens, and write down what they were told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../support/strapi';
import type { Chance } from './chance';
import type { Member } from './cluster';
import type { Write } from './history';

/** What an op did to which document. Each function is sent to the child. */
const create = async (strapi: any, { op }: { op: string }): Promise<string> => {
  const made = await strapi.documents('api::notice.notice').create({ data: { title: op } });
  return made.documentId;
};

/**
 * A new document, or a change of one. Beside it goes a tag of its name, so that it can be seen later that it was, whatever
 * came after. Waits for `executionPromise`, which a transaction of Strapi does not: it alone tells of a lost COMMIT.
 */
const save = async (
  strapi: any,
  { op, documentId }: { op: string; documentId: string | null },
): Promise<string> => {
  let fate = Promise.resolve();
  const saved = await strapi.db.transaction(async ({ trx }: any) => {
    fate = trx.executionPromise;
    fate.catch(() => undefined);
    const notices = strapi.documents('api::notice.notice');
    const data = { title: op };
    const { documentId: id } = documentId
      ? await notices.update({ documentId, data })
      : await notices.create({ data });
    await strapi.db.query('api::tag.tag').create({ data: { name: op } });
    return id;
  });
  await fate;
  return saved;
};

const undone = (strapi: any, { op, documentId }: { op: string; documentId: string | null }) =>
  strapi.db.transaction(async () => {
    const notices = strapi.documents('api::notice.notice');
    if (documentId === null) await notices.create({ data: { title: op } });
    else await notices.update({ documentId, data: { title: op } });
    throw new Error('Taken back.');
  });

/** Runs inside Strapi: every op that is committed. */
export const committedOps = async (strapi: any): Promise<string[]> => {
  const notices = await strapi.db.query('api::notice.notice').findMany({ select: ['title'] });
  const tags = await strapi.db.query('api::tag.tag').findMany({ select: ['name'] });
  return [
    ...notices.map(({ title }: { title: string }) => title),
    ...tags.map(({ name }: { name: string }) => name),
  ];
};

/** As editors do: a few seconds of work on one document, then the next. */
const CHANGES_OF_ONE = 12;
const REST_MS = { least: 5, most: 50 };

export const startWriter = (member: Member, name: string, chance: Chance) => {
  const writes: Write[] = [];
  let isOver = false;
  let count = 0;
  let own: { documentId: string; changes: number } | null = null;

  const tried = async <T>(kind: Write['kind'], work: (op: string) => Promise<T>) => {
    const write: Write = { op: `${name}-${(count += 1)}`, kind, outcome: 'unknown' };
    writes.push(write);
    try {
      const result = await work(write.op);
      write.outcome = 'committed';
      return result;
    } catch (error) {
      if (error instanceof RunError && error.message === 'Taken back.')
        write.outcome = 'rolledBack';
      // Whatever else it was, the commit may have come before it.
      else own = null;
      return null;
    }
  };

  const change = async () => {
    if (own === null || own.changes >= CHANGES_OF_ONE) {
      const documentId = await tried('create', (op) =>
        member.app.run(save, { op, documentId: null }),
      );
      own = documentId === null ? null : { documentId, changes: 0 };
      return;
    }
    const { documentId } = own;
    own.changes += 1;
    await tried('update', (op) => member.app.run(save, { op, documentId }));
  };

  const takeBack = () => {
    const documentId = own?.documentId ?? null;
    return tried(documentId === null ? 'create' : 'update', (op) =>
      member.app.run(undone, { op, documentId }),
    );
  };

  const step = async () => {
    const dice = chance.next();
    if (dice < 0.4) await tried('create', (op) => member.app.run(create, { op }));
    else if (dice < 0.88) await change();
    else await takeBack();
  };

  const work = async () => {
    while (!isOver) {
      if (member.isUp) await step();
      await sleep(chance.between(REST_MS.least, REST_MS.most));
    }
  };
  const working = work();

  return {
    writes,
    stop: async () => {
      isOver = true;
      await working;
    },
  };
};

export type Writer = ReturnType<typeof startWriter>;
