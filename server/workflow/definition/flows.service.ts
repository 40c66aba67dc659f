/**
 * Decides which workflow governs a content type: one that an administrator drew, Strapi's licensed Review Workflows, or
 * publication. Every save and publication asks, so the definitions are kept in memory.
 */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import {
  MOVE_TO_PREFIX,
  REVIEW_WORKFLOWS_PREFIX,
  type RoleChoice,
  type WorkflowChoice,
  type WorkflowChoices,
} from '../../contract/workflow';
import type { Fresh } from '../../store/fresh.service';
import { rowsOf } from '../../strapi/database.service';
import { documentsOf } from '../../strapi/documents.service';
import { hasDraftAndPublish, type Place } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import { flowOfRow, PUBLICATION_FLOW, shown, type Flow, type WorkflowRow } from './flow';

export const WORKFLOW_UID = `plugin::${PLUGIN_ID}.workflow`;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  fresh: Fresh;
  reviewWorkflows: ReviewWorkflows;
};

export function createFlows({ strapi, schemas, fresh, reviewWorkflows }: Options) {
  function workflowRows(): Promise<WorkflowRow[]> {
    return rowsOf<WorkflowRow>(strapi, WORKFLOW_UID).findMany({ orderBy: { id: 'asc' } });
  }

  const flows = fresh.keep(async () => flowsByType(await workflowRows()));

  /** The workflow that an administrator drew for the type, or null. */
  async function own(uid: string): Promise<Flow | null> {
    return (await flows.get()).get(uid) ?? null;
  }

  /** The workflow that an editor sees of a document. */
  async function flowOf(uid: string): Promise<Flow | null> {
    const model = schemas.watched(uid)?.model;
    if (!model) return null;
    const publication = hasDraftAndPublish(model) ? PUBLICATION_FLOW : null;
    return (await own(uid)) ?? (await reviewWorkflows.of(uid)) ?? publication;
  }

  function roles(): Promise<RoleChoice[]> {
    const roleRows = rowsOf<RoleChoice>(strapi, 'admin::role');
    return roleRows.findMany({ select: ['id', 'code', 'name'], orderBy: { name: 'asc' } });
  }

  /** Every workflow that a webhook can be bound to, and the roles that a command can be limited to. */
  async function choices(): Promise<WorkflowChoices> {
    const rows = await workflowRows();
    const governed = new Set(rows.flatMap(({ contentTypes }) => contentTypes ?? []));
    const { contentTypes } = await schemas.all();
    const published = contentTypes
      .filter(({ uid, hasDraftAndPublish: has }) => has && !governed.has(uid))
      .map(({ uid }) => uid);
    const review = await reviewWorkflows.all();
    return {
      workflows: [
        ...rows.map((row) => choiceOf(flowOfRow(row), row.contentTypes ?? [])),
        ...review.map((flow) => choiceOf(flow, flow.contentTypes)),
        choiceOf(PUBLICATION_FLOW, published),
      ],
      roles: await roles(),
    };
  }

  return { own, flowOf, roles, choices };
}

export type Flows = ReturnType<typeof createFlows>;

function flowsByType(rows: readonly WorkflowRow[]): ReadonlyMap<string, Flow> {
  return new Map(
    rows.flatMap((row) => {
      const flow = flowOfRow(row);
      return (row.contentTypes ?? []).map((uid) => [uid, flow] as const);
    }),
  );
}

function choiceOf(flow: Flow, contentTypes: string[]): WorkflowChoice {
  return {
    id: flow.id,
    name: flow.name,
    contentTypes,
    states: flow.states.map(shown),
    commands: flow.commands.map(({ key, name, from, to }) => ({ key, name, from, to })),
  };
}

const REVIEW_WORKFLOW_UID = 'plugin::review-workflows.workflow';
const STAGE_UID = 'plugin::review-workflows.workflow-stage';
/** The content types that say which workflows there are. */
export const FLOW_UIDS = [WORKFLOW_UID, REVIEW_WORKFLOW_UID, STAGE_UID];
/** The relation by which a document has a stage. */
export const STAGE_ATTRIBUTE = 'strapi_stage';

type Stage = { id: number; name: string; color?: string | null };
type ReviewWorkflowRow = Pick<Stage, 'id' | 'name'> & {
  contentTypes?: string[] | null;
  stages?: Stage[];
};
export type ReviewFlow = Flow & { contentTypes: string[] };
type StagedRow = { documentId: string; [STAGE_ATTRIBUTE]?: { id: number } | null };

type ReviewOptions = Pick<Options, 'strapi' | 'schemas' | 'fresh'>;

/**
 * The licensed Review Workflows, if the project has them: known by the names of their content types at run time, and by
 * nothing else. Their stages are the states, and a move to a stage is a command.
 */
export function createReviewWorkflows({ strapi, schemas, fresh }: ReviewOptions) {
  async function load(): Promise<ReviewFlow[]> {
    const rows = rowsOf<ReviewWorkflowRow>(strapi, REVIEW_WORKFLOW_UID);
    const found = await rows.findMany({ populate: { stages: true }, orderBy: { id: 'asc' } });
    return found.map(reviewFlowOf);
  }
  const flows = fresh.keep(load);

  async function all(): Promise<ReviewFlow[]> {
    const isInstalled =
      REVIEW_WORKFLOW_UID in strapi.contentTypes && STAGE_UID in strapi.contentTypes;
    return isInstalled ? flows.get() : [];
  }

  async function of(uid: string): Promise<ReviewFlow | null> {
    const hasStages = STAGE_ATTRIBUTE in (schemas.modelOf(uid)?.attributes ?? {});
    if (!hasStages) return null;
    return (await all()).find(({ contentTypes }) => contentTypes.includes(uid)) ?? null;
  }

  async function stagedRows(
    { uid, locale }: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
  ): Promise<StagedRow[]> {
    const model = schemas.modelOf(uid);
    const where = {
      documentId: { $in: documentIds },
      ...(locale === null ? {} : { locale }),
      ...(model && hasDraftAndPublish(model) ? { publishedAt: null } : {}),
    };
    const populate = { [STAGE_ATTRIBUTE]: true };
    return rowsOf<StagedRow>(strapi, uid).findMany({ select: ['documentId'], where, populate });
  }

  async function stateKey(place: Place, flow: Flow): Promise<string> {
    return stageKeyOf((await stagedRows(place, [place.documentId]))[0], flow);
  }

  /** The stage of each document, by its id. */
  async function stateKeys(
    where: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    flow: Flow,
  ): Promise<Map<string, string>> {
    const rows = await stagedRows(where, documentIds);
    return new Map(rows.map((row) => [row.documentId, stageKeyOf(row, flow)]));
  }

  /** The key of the stage that a save asks for. Null if the workflow has no such stage. */
  async function targetKey(value: unknown, flow: Flow): Promise<string | null> {
    const reference = stageReference(value);
    if (!reference) return null;
    const { documentId } = reference;
    const id =
      reference.id ??
      (await rowsOf<Stage>(strapi, STAGE_UID).findOne({ where: { documentId } }))?.id;
    const key = id === undefined ? null : String(id);
    return flow.states.some((state) => state.key === key) ? key : null;
  }

  async function move({ uid, documentId, locale }: Place, key: string): Promise<void> {
    await documentsOf(strapi, uid).update({
      documentId,
      ...(locale === null ? {} : { locale }),
      data: { [STAGE_ATTRIBUTE]: { id: Number(key) } },
    });
  }

  return { all, of, stateKey, stateKeys, targetKey, move };
}

export type ReviewWorkflows = ReturnType<typeof createReviewWorkflows>;

function reviewFlowOf({ id, name, contentTypes, stages = [] }: ReviewWorkflowRow): ReviewFlow {
  const keys = stages.map((stage) => String(stage.id));
  return {
    id: `${REVIEW_WORKFLOWS_PREFIX}${id}`,
    kind: 'review',
    name,
    contentTypes: contentTypes ?? [],
    initialState: keys[0] ?? '',
    states: stages.map((stage, index) => ({
      key: String(stage.id),
      name: stage.name,
      color: stage.color ?? '#4945ff',
      // The licensed feature has no final stage, so the last one counts as final.
      final: index === stages.length - 1,
      onEnter: null,
    })),
    commands: stages.map((stage) => ({
      key: `${MOVE_TO_PREFIX}${stage.id}`,
      name: stage.name,
      from: keys.filter((key) => key !== String(stage.id)),
      to: String(stage.id),
      roles: [],
      comment: 'optional',
    })),
  };
}

/** A document without a stage counts as in the first one. */
function stageKeyOf(row: StagedRow | undefined, flow: Flow): string {
  return row?.[STAGE_ATTRIBUTE] ? String(row[STAGE_ATTRIBUTE].id) : flow.initialState;
}

type StageReference = { id?: number | string; documentId?: string };

/** Reads `{id}`, a bare id, `{connect: [..]}` and `{set: [..]}`, in which a relation may be given. Null means no stage. */
function stageReference(value: unknown): StageReference | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return { id: value };
  if (typeof value === 'string') return /^\d+$/.test(value) ? { id: value } : { documentId: value };
  if (Array.isArray(value)) return stageReference(value.at(-1));
  if (typeof value !== 'object') return null;
  const { connect, set, id, documentId } = value as Record<string, unknown> & StageReference;
  if (connect !== undefined) return stageReference(connect);
  if (set !== undefined) return stageReference(set);
  return id === undefined && documentId === undefined ? null : { id, documentId };
}
