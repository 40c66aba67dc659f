/**
 * Records changes of the content model when a server starts with them, whether the Content-Type Builder or a deployment
 * wrote the files. The last recorded model is in the database, so that only one of several instances records a change.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { SNAPSHOT_NAME } from '../store/models';
import { createTables } from '../store/tables.service';
import { isHidden, isWatched } from '../strapi/model/content-model';
import { loadedModels, privateNamesOf } from '../strapi/model/schema.service';
import { fingerprintOf, modelEventsOf, shapeOf, type Snapshot } from './model-snapshot';
import type { Recorder } from './recorder.service';

type Options = { strapi: Core.Strapi; recorder: Recorder };
type SnapshotRow = { version: string; fingerprint: string; snapshot: string };

const VERSION = '2';

/** The shape of snapshots before: without the types that are hidden in the Content Manager. */
const VERSION_BEFORE = '1';

export function createModelWatch({ strapi, recorder }: Options) {
  const tables = createTables(strapi);
  const rows = (trx: Knex.Transaction) => tables.on<SnapshotRow>(SNAPSHOT_NAME)(trx);

  async function compare(): Promise<void> {
    const snapshot = snapshotOf(strapi);
    const fingerprint = fingerprintOf(snapshot);
    const fresh = { version: VERSION, fingerprint, snapshot: JSON.stringify(snapshot) };
    const before = (await stored(VERSION)) ?? (await stored(VERSION_BEFORE));
    if (!before) return begin(fresh);
    if (before.version !== VERSION || before.fingerprint !== fingerprint)
      await recordChanges(before, fresh);
  }

  const stored = (version: string): Promise<SnapshotRow | null> =>
    tables.transaction(async (trx) => (await rows(trx).where({ version }).first()) ?? null);

  /** The very first start records nothing: models that were there before are no change. */
  async function begin(fresh: SnapshotRow): Promise<void> {
    try {
      await tables.transaction((trx) => rows(trx).insert(fresh));
    } catch (error) {
      // Another instance was first: the column is unique.
      if (!(await stored(VERSION))) throw error;
    }
  }

  /** Several instances may see the same change. The one whose update finds the old fingerprint records it. */
  const recordChanges = (before: SnapshotRow, fresh: SnapshotRow): Promise<void> =>
    tables.transaction(async (trx) => {
      const { version, fingerprint } = before;
      const taken = await rows(trx).where({ version, fingerprint }).update(fresh);
      if (Number(taken) !== 1) return;
      const was = JSON.parse(before.snapshot) as Snapshot;
      const is = JSON.parse(fresh.snapshot) as Snapshot;
      const known = version === VERSION ? was : { ...hiddenIn(strapi, is), ...was };
      await recorder.record(modelEventsOf(known, is));
    });

  let comparison: Promise<void> = Promise.resolve();
  return {
    /** Once a start, beside its other work. If it fails, the next start records the changes. */
    start: (): void => {
      comparison = compare().catch((error: Error) => {
        strapi.log.error(
          `workflow-webhooks: the changes of the content model were not recorded: ${error.stack}`,
        );
      });
    },
    /** Resolves when all changes are recorded. */
    stop: (): Promise<void> => comparison,
  };
}

function snapshotOf(strapi: Core.Strapi): Snapshot {
  const privateNames = privateNamesOf(strapi);
  const { contentTypes, components } = loadedModels(strapi);
  const models = [...Object.values(contentTypes).filter((model) => model && isWatched(model))]
    .concat(Object.values(components))
    .flatMap((model) => model ?? []);
  return Object.fromEntries(models.map((model) => [model.uid, shapeOf(model, privateNames)]));
}

/** Types that older snapshots left out although the project had them: they are no change. */
function hiddenIn(strapi: Core.Strapi, snapshot: Snapshot): Snapshot {
  const { contentTypes } = loadedModels(strapi);
  const hidden = Object.entries(snapshot).filter(([uid]) => {
    const model = contentTypes[uid];
    return model !== undefined && isHidden(model);
  });
  return Object.fromEntries(hidden);
}
