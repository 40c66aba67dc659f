/** Which workflow governs a content type. Asked on every save and publication, so kept in memory for a moment. */
import type { Core } from '@strapi/strapi';
import { createFresh } from '../../store/fresh.service';
import { PLUGIN_ID } from '../../contract/names';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import { PUBLICATION_FLOW, type Flow } from './flow';
import type { ReviewWorkflows } from './review-workflows.service';
import { flowOfRow, type WorkflowRow } from '../workflows/workflow-record';

export const WORKFLOW_UID = `plugin::${PLUGIN_ID}.workflow`;

type Options = { strapi: Core.Strapi; schemas: Schemas; reviewWorkflows: ReviewWorkflows };

export const createRules = ({ strapi, schemas, reviewWorkflows }: Options) => {
  const load = async (): Promise<ReadonlyMap<string, Flow>> => {
    const rows: WorkflowRow[] = await strapi.db
      .query(WORKFLOW_UID)
      .findMany({ orderBy: { id: 'asc' } });
    return new Map(
      rows.flatMap((row) => {
        const flow = flowOfRow(row);
        return (row.contentTypes ?? []).map((uid) => [uid, flow] as const);
      }),
    );
  };
  const { get, forget } = createFresh<ReadonlyMap<string, Flow>>({
    strapi,
    load,
    none: new Map(),
  });

  /** The workflow that an administrator drew for the type; null where there is none. */
  const own = async (uid: string): Promise<Flow | null> => (await get()).get(uid) ?? null;

  const publication = (uid: string): Flow | null => {
    const model = schemas.watched(uid)?.model;
    return model && hasDraftAndPublish(model) ? PUBLICATION_FLOW : null;
  };

  /** What an editor sees of a document. */
  const flowOf = async (uid: string): Promise<Flow | null> => {
    if (!schemas.watched(uid)) return null;
    return (await own(uid)) ?? (await reviewWorkflows.of(uid)) ?? publication(uid);
  };

  return { own, publication, flowOf, forget };
};

export type Rules = ReturnType<typeof createRules>;
