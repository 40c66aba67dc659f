/**
 * The licensed Review Workflows, where a project has them: known by the names of their content types at run time, and by
 * nothing else. Their stages are the states, and a move to one of them is a command.
 */
import type { Core } from '@strapi/strapi';
import { createFresh } from '../../store/fresh.service';
import { MOVE_TO_PREFIX, REVIEW_WORKFLOWS_PREFIX } from '../../contract/workflow';
import type { ContentModel } from '../../strapi/model/content-model';
import type { Flow } from './flow';
import type { Place } from '../../strapi/model/place';

const WORKFLOW_UID = 'plugin::review-workflows.workflow';
const STAGE_UID = 'plugin::review-workflows.workflow-stage';
/** The relation by which a document has a stage. */
export const STAGE_ATTRIBUTE = 'strapi_stage';

type Stage = { id: number; documentId?: string; name: string; color?: string | null };
type ReviewWorkflow = {
  id: number;
  name: string;
  contentTypes?: string[] | null;
  stages?: Stage[];
};
export type ReviewFlow = Flow & { contentTypes: string[] };

const flowOf = ({ id, name, contentTypes, stages = [] }: ReviewWorkflow): ReviewFlow => {
  const keys = stages.map((stage) => String(stage.id));
  return {
    id: `${REVIEW_WORKFLOWS_PREFIX}${id}`,
    kind: 'review',
    name,
    contentTypes: contentTypes ?? [],
    initialState: keys[0] ?? '',
    states: stages.map((stage) => ({
      key: String(stage.id),
      name: stage.name,
      color: stage.color ?? '#4945ff',
      // The licensed feature knows no final stage: its last one is where the way ends.
      final: String(stage.id) === keys.at(-1),
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
};

type Reference = { id?: number | string; documentId?: string };

/** `{id}`, a bare id, `{connect: [..]}`, `{set: [..]}`: the ways in which a relation is given. Null: no stage at all. */
const stageReference = (value: unknown): Reference | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return { id: value };
  if (typeof value === 'string') return /^\d+$/.test(value) ? { id: value } : { documentId: value };
  if (Array.isArray(value)) return stageReference(value.at(-1));
  if (typeof value !== 'object') return null;
  const { connect, set, id, documentId } = value as Record<string, unknown> & Reference;
  if (connect !== undefined) return stageReference(connect);
  if (set !== undefined) return stageReference(set);
  return id === undefined && documentId === undefined ? null : { id, documentId };
};

export const createReviewWorkflows = (strapi: Core.Strapi) => {
  const isThere = () => WORKFLOW_UID in strapi.contentTypes && STAGE_UID in strapi.contentTypes;

  const load = async (): Promise<ReviewFlow[]> => {
    const found: ReviewWorkflow[] = await strapi.db
      .query(WORKFLOW_UID)
      .findMany({ populate: { stages: true }, orderBy: { id: 'asc' } });
    return found.map(flowOf);
  };
  const known = createFresh({ strapi, load, none: [] as ReviewFlow[] });

  const hasStages = (uid: string) =>
    isThere() &&
    STAGE_ATTRIBUTE in
      ((strapi.contentTypes[uid as never] as ContentModel | undefined)?.attributes ?? {});

  const all = async (): Promise<ReviewFlow[]> => (isThere() ? known.get() : []);

  const of = async (uid: string): Promise<ReviewFlow | null> =>
    hasStages(uid)
      ? ((await all()).find(({ contentTypes }) => contentTypes.includes(uid)) ?? null)
      : null;

  type Staged = { documentId: string; [STAGE_ATTRIBUTE]?: { id: number } | null };

  const staged = async (
    { uid, locale }: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
  ): Promise<Staged[]> => {
    const { options } = strapi.contentTypes[uid as never] as ContentModel;
    const where = {
      documentId: { $in: documentIds },
      ...(locale === null ? {} : { locale }),
      ...(options?.draftAndPublish ? { publishedAt: null } : {}),
    };
    return strapi.db
      .query(uid)
      .findMany({ select: ['documentId'], where, populate: { [STAGE_ATTRIBUTE]: true } });
  };

  /** A document without a stage counts as in the first one. */
  const keyOf = (row: Staged | undefined, flow: Flow) =>
    row?.[STAGE_ATTRIBUTE] ? String(row[STAGE_ATTRIBUTE].id) : flow.initialState;

  const stateKey = async (place: Place, flow: Flow): Promise<string> =>
    keyOf((await staged(place, [place.documentId]))[0], flow);

  /** The ids of documents, by the key of their stage. */
  const stateKeys = async (
    where: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    flow: Flow,
  ): Promise<Map<string, string[]>> => {
    const keys = new Map<string, string[]>();
    for (const row of await staged(where, documentIds)) {
      const key = keyOf(row, flow);
      keys.set(key, [...(keys.get(key) ?? []), row.documentId]);
    }
    return keys;
  };

  /** The key of the stage that is asked for; null where it is none of the workflow's. */
  const targetKey = async (value: unknown, flow: Flow): Promise<string | null> => {
    const reference = stageReference(value);
    if (!reference) return null;
    const id =
      reference.id ??
      (await strapi.db.query(STAGE_UID).findOne({ where: { documentId: reference.documentId } }))
        ?.id;
    const key = id === undefined ? null : String(id);
    return flow.states.some((state) => state.key === key) ? key : null;
  };

  const move = async (place: Place, key: string): Promise<void> => {
    const documents = strapi.documents(place.uid as never) as unknown as {
      update(params: object): Promise<unknown>;
    };
    await documents.update({
      documentId: place.documentId,
      ...(place.locale === null ? {} : { locale: place.locale }),
      data: { [STAGE_ATTRIBUTE]: { id: Number(key) } },
    });
  };

  return { all, of, stateKey, stateKeys, targetKey, move, forget: known.forget };
};

export type ReviewWorkflows = ReturnType<typeof createReviewWorkflows>;
