/**
 * Hears of a changed content model where it shows: at the start of a server that has it, whoever wrote the files, the
 * Content-Type Builder or a deployment. What was told last is in the database, so that of several instances one tells.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { isHidden, isWatched } from '../strapi/model/content-model';
import { createTables } from '../store/tables.service';
import {
  fingerprintOf,
  modelEventsOf,
  shapeOf,
  type LoadedModel,
  type Snapshot,
} from './model-snapshot';
import type { Recorder } from './recorder.service';
import { SNAPSHOT_NAME } from '../store/models';

type Options = { strapi: Core.Strapi; recorder: Recorder };
type SnapshotRow = { version: string; fingerprint: string; snapshot: string };

const VERSION = '2';

/** The shape before it: without the types that are hidden in the Content Manager. */
const VERSION_BEFORE = '1';

export const createModelWatch = ({ strapi, recorder }: Options) => {
  const tables = createTables(strapi);
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

  const stored = (version: string) =>
    tables.transaction(
      async (trx) =>
        ((await rows(trx).where({ version }).first()) as SnapshotRow | undefined) ?? null,
    );

  /** The types that the shape before did not have were there all the same: they are no change. */
  const withHidden = (was: Snapshot, is: Snapshot): Snapshot => {
    const hidden = Object.entries(is).filter(([uid]) => {
      const model = strapi.contentTypes[uid as never] as LoadedModel | undefined;
      return model !== undefined && isHidden(model);
    });
    return { ...Object.fromEntries(hidden), ...was };
  };

  /** The first start of all tells nothing: what was there before is no change. */
  const begin = async (fresh: SnapshotRow): Promise<void> => {
    try {
      await tables.transaction((trx) => rows(trx).insert(fresh));
    } catch (error) {
      // Another instance was first: the column is unique.
      if (!(await stored(VERSION))) throw error;
    }
  };

  /** Of those that see the same change, the one whose update finds the old fingerprint tells, in that transaction. */
  const tell = (before: SnapshotRow, { fingerprint, snapshot }: SnapshotRow): Promise<void> =>
    tables.transaction(async (trx) => {
      const old = { version: before.version, fingerprint: before.fingerprint };
      const fresh = { version: VERSION, fingerprint, snapshot };
      const taken = await rows(trx).where(old).update(fresh);
      if (Number(taken) !== 1) return;
      const was = JSON.parse(before.snapshot) as Snapshot;
      const is = JSON.parse(snapshot) as Snapshot;
      const known = before.version === VERSION ? was : withHidden(was, is);
      await recorder.record(modelEventsOf(known, is));
    });

  const look = async (): Promise<void> => {
    const snapshot = present();
    const fingerprint = fingerprintOf(snapshot);
    const fresh = { version: VERSION, fingerprint, snapshot: JSON.stringify(snapshot) };
    const before = (await stored(VERSION)) ?? (await stored(VERSION_BEFORE));
    if (!before) return begin(fresh);
    if (before.version !== VERSION || before.fingerprint !== fingerprint) await tell(before, fresh);
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
