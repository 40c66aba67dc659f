/** The content model without its private parts, and which events its changes since the last start raise. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { SYSTEM_ACTOR, type FieldChange } from '../contract/event';
import { isKeptByStrapi, type ContentModel } from '../strapi/model/content-model';
import { isPrivate } from '../strapi/model/document-tree';
import type { Happening } from './events';

type Tree = Record<string, unknown>;

/** A content type or a component, as its schema file has it, without private attributes. */
type ModelShape = {
  modelType: 'contentType' | 'component';
  modelName: string;
  schema: Tree;
};
/** By uid. */
export type Snapshot = Record<string, ModelShape>;

/** Breaks if Strapi drops `__schema__`, the content of the schema file: then attributes that Strapi adds show up too. */
export type LoadedModel = ContentModel & { __schema__?: Tree; category?: string };

const PARTS = ['kind', 'collectionName', 'info', 'options', 'pluginOptions'] as const;

function attributesOf(model: LoadedModel, privateNames: ReadonlySet<string>): Tree {
  const written = (model.__schema__?.attributes ?? model.attributes) as Tree;
  return Object.fromEntries(
    Object.entries(written).filter(
      ([name]) => !isKeptByStrapi(name, model) && !isPrivate(name, { model, privateNames }),
    ),
  );
}

export function shapeOf(model: LoadedModel, privateNames: ReadonlySet<string>): ModelShape {
  const source = { ...model, ...model.__schema__ } as Tree;
  const parts = PARTS.filter((part) => source[part] !== undefined);
  return {
    modelType: model.modelType,
    modelName: model.modelName,
    schema: {
      uid: model.uid,
      ...(model.category === undefined ? {} : { category: model.category }),
      ...Object.fromEntries(parts.map((part) => [part, source[part]])),
      attributes: attributesOf(model, privateNames),
    },
  };
}

/** Sorted keys, so that the order in the schema file makes no difference. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

export const fingerprintOf = (snapshot: Snapshot): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(snapshot)))
    .digest('hex');

/** One entry per attribute and per setting: `attributes.title`, `options.draftAndPublish`, `kind`. */
function flat({ schema }: ModelShape): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [part, value] of Object.entries(schema)) {
    if (value === null || typeof value !== 'object') fields.set(part, value);
    else for (const [name, inner] of Object.entries(value)) fields.set(`${part}.${name}`, inner);
  }
  return fields;
}

function modelChanges(before: ModelShape, after: ModelShape): FieldChange[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !isDeepStrictEqual(old.get(field), now.get(field)))
    .map((field) => ({ field, from: old.get(field) ?? null, to: now.get(field) ?? null }));
}

/** Events of new, changed and deleted models. A deletion holds the model as it last was. */
export function modelEventsOf(before: Snapshot, after: Snapshot): Happening[] {
  const uids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...uids].flatMap((uid): Happening[] => {
    const [old, now] = [before[uid], after[uid]];
    const shown = now ?? old;
    if (!shown) return [];
    const changes = old && now ? modelChanges(old, now) : [];
    if (old && now && changes.length === 0) return [];
    const group = shown.modelType === 'component' ? 'component' : 'content-type';
    const verb = !old ? 'create' : !now ? 'delete' : 'update';
    return [
      {
        name: `${group}.${verb}`,
        uid,
        model: shown.modelName,
        documentId: null,
        locale: null,
        status: null,
        entry: shown.schema,
        previous: old?.schema ?? null,
        changes,
        // Changed files do not say who changed them.
        actor: SYSTEM_ACTOR,
      },
    ];
  });
}
