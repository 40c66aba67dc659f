/** Editors who save, change and roll back during all faults, and record the result of each write. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../support/strapi';
import type { SeededRandom } from './seeded-random';
import type { Member } from './cluster';
import type { Write } from './history';

/** Creates a document. This function and the next ones are sent to the child process. */
const create = async (strapi: any, { op }: { op: string }): Promise<string> => {
  const made = await strapi.documents('api::notice.notice').create({ data: { title: op } });
  return made.documentId;
};

/**
 * Creates or changes a document, and creates a tag with the name of the op in the same transaction: the tag still proves the
 * write after later changes of the title. Waits for `executionPromise`, which Strapi's own transaction does not: only this
 * promise rejects if the COMMIT is lost.
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

const rollBack = (strapi: any, { op, documentId }: { op: string; documentId: string | null }) =>
  strapi.db.transaction(async () => {
    const notices = strapi.documents('api::notice.notice');
    if (documentId === null) await notices.create({ data: { title: op } });
    else await notices.update({ documentId, data: { title: op } });
    throw new Error('Rolled back on purpose.');
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

/** Editors work on one document for a few seconds, then on the next. */
const CHANGES_OF_ONE = 12;
const REST_MS = { least: 5, most: 50 };

export const startWriter = (member: Member, name: string, random: SeededRandom) => {
  const writes: Write[] = [];
  let isOver = false;
  let count = 0;
  let own: { documentId: string; changes: number } | null = null;

  const attempt = async <T>(kind: Write['kind'], work: (op: string) => Promise<T>) => {
    const write: Write = { op: `${name}-${(count += 1)}`, kind, outcome: 'unknown' };
    writes.push(write);
    try {
      const result = await work(write.op);
      write.outcome = 'committed';
      return result;
    } catch (error) {
      if (error instanceof RunError && error.message === 'Rolled back on purpose.')
        write.outcome = 'rolledBack';
      // Any other error may have occurred after the commit.
      else own = null;
      return null;
    }
  };

  const change = async () => {
    if (own === null || own.changes >= CHANGES_OF_ONE) {
      const documentId = await attempt('create', (op) =>
        member.app.run(save, { op, documentId: null }),
      );
      own = documentId === null ? null : { documentId, changes: 0 };
      return;
    }
    const { documentId } = own;
    own.changes += 1;
    await attempt('update', (op) => member.app.run(save, { op, documentId }));
  };

  const saveAndRollBack = () => {
    const documentId = own?.documentId ?? null;
    return attempt(documentId === null ? 'create' : 'update', (op) =>
      member.app.run(rollBack, { op, documentId }),
    );
  };

  const step = async () => {
    const roll = random.next();
    if (roll < 0.4) await attempt('create', (op) => member.app.run(create, { op }));
    else if (roll < 0.88) await change();
    else await saveAndRollBack();
  };

  const work = async () => {
    while (!isOver) {
      if (member.isUp) await step();
      await sleep(random.between(REST_MS.least, REST_MS.most));
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
