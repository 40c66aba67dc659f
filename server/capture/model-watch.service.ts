/**
 * Hears of a changed content model where it shows: at the start of a server that has it, whoever wrote the files, the
 * Content-Type Builder or a deployment. What was told last is in the database, so that of several instances one tells.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { isWatched } from '../schema/content-model';
import { createOwnTables } from '../storage/own-tables.service';
import {
  fingerprintOf,
  modelEventsOf,
  shapeOf,
  type LoadedModel,
  type Snapshot,
} from './model-snapshot';
import type { Recorder } from './recorder.service';
import { SNAPSHOT_NAME } from './snapshot-model';

type Options = { strapi: Core.Strapi; recorder: Recorder };
type SnapshotRow = { version: string; fingerprint: string; snapshot: string };

const VERSION = '1';

export const createModelWatch = ({ strapi, recorder }: Options) => {
  const tables = createOwnTables(strapi);
  const rows = (trx: Knex.Transaction) => tables.on<SnapshotRow>(SNAPSHOT_NAME)(trx);

  const present = (): Snapshot => {
    const privateNames = new Set<string>(
      strapi.config.get<string[]>('api.responses.privateAttributes', []),
    );
    const types = Object.values(strapi.contentTypes) as unknown as LoadedModel[];
    const components = Object.values(strapi.components) as unknown as LoadedModel[];
    return Object.fromEntries(
      [...types.filter(isWatched), ...components].map((model) => [
        model.uid,
        shapeOf(model, privateNames),
      ]),
    );
  };

  const stored = () =>
    tables.transaction(
      async (trx) =>
        ((await rows(trx).where({ version: VERSION }).first()) as SnapshotRow | undefined) ?? null,
    );

  /** The first start of all tells nothing: what was there before is no change. */
  const begin = async (fresh: SnapshotRow): Promise<void> => {
    try {
      await tables.transaction((trx) => rows(trx).insert(fresh));
    } catch (error) {
      // Another instance was first: the column is unique.
      if (!(await stored())) throw error;
    }
  };

  /** Of those that see the same change, the one whose update finds the old fingerprint tells, in that transaction. */
  const tell = (before: SnapshotRow, { fingerprint, snapshot }: SnapshotRow): Promise<void> =>
    tables.transaction(async (trx) => {
      const old = { version: VERSION, fingerprint: before.fingerprint };
      const taken = await rows(trx).where(old).update({ fingerprint, snapshot });
      if (Number(taken) !== 1) return;
      const [was, is] = [before.snapshot, snapshot].map((text) => JSON.parse(text) as Snapshot);
      await recorder.record(modelEventsOf(was ?? {}, is ?? {}));
    });

  const look = async (): Promise<void> => {
    const snapshot = present();
    const fingerprint = fingerprintOf(snapshot);
    const fresh = { version: VERSION, fingerprint, snapshot: JSON.stringify(snapshot) };
    const before = await stored();
    if (!before) return begin(fresh);
    if (before.fingerprint !== fingerprint) await tell(before, fresh);
  };

  let looking: Promise<void> = Promise.resolve();
  return {
    /** Once a start, beside its work: where it fails, the next start tells. */
    start: (): void => {
      looking = look().catch((error: Error) => {
        strapi.log.error(
          `workflow-webhooks: what changed in the content model was not told: ${error.stack}`,
        );
      });
    },
    /** Ends when what there was to say is said. */
    stop: (): Promise<void> => looking,
  };
};
