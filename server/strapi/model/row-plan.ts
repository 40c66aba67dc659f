/**
 * How to read a document straight from its tables: the columns that may leave, and the links to other rows. Strapi's own
 * query layer takes five times the processor time for the same rows, and every save of an editor waits for them twice.
 */
import { SYSTEM_ATTRIBUTES, type ContentModel, type ModelOf } from './content-model';
import { isPrivate } from './document-tree';

/** The part of the database layer's metadata that plans need. */
type DbAttribute = {
  type: string;
  columnName?: string;
  relation?: string;
  target?: string;
  morphBy?: string;
  unstable_virtual?: boolean;
  joinTable?: {
    name: string;
    joinColumn: { name: string; referencedColumn: string };
    inverseJoinColumn?: { name: string; referencedColumn: string };
    morphColumn?: { idColumn: { name: string }; typeColumn: { name: string } };
    on?: Record<string, unknown>;
    orderBy?: Record<string, 'asc' | 'desc'>;
  };
};
export type DbModel = { tableName: string; attributes: Record<string, DbAttribute> };
export type DbModelOf = (uid: string) => DbModel | undefined;

type Column = { name: string; column: string; type: string };
export type TablePlan = { table: string; columns: Column[] };
type Link = { name: string; isMany: boolean };

/** One table links all components and dynamic zones of a row. */
export type ComponentsPlan = {
  table: string;
  owner: string;
  id: string;
  /** Null if there is no dynamic zone: then the field names the component. */
  type: string | null;
  fields: (Link & { component: string | null })[];
};

export type MediaPlan = {
  file: TablePlan;
  table: string;
  fileId: string;
  owner: string;
  type: string;
  fields: Link[];
};

export type RelationPlan = Link & {
  target: TablePlan;
  table: string;
  owner: string;
  targetId: string;
  orderBy: { column: string; order: 'asc' | 'desc' }[];
};

export type RowPlan = TablePlan & {
  uid: string;
  components: ComponentsPlan | null;
  media: MediaPlan | null;
  relations: RelationPlan[];
  /** Links of a rarer shape: Strapi's own query layer reads them. */
  others: string[];
  /** The names of all of these: what is not in the row's own table. */
  links: string[];
};

type Context = {
  modelOf: ModelOf;
  dbModelOf: DbModelOf;
  privateNames: ReadonlySet<string>;
};

const MANY: ReadonlySet<string> = new Set(['oneToMany', 'manyToMany', 'morphMany', 'morphToMany']);
const isMany = ({ relation }: DbAttribute) => MANY.has(relation ?? '');

const visibleNames = (model: ContentModel, dbModel: DbModel, { privateNames }: Context) =>
  Object.keys(dbModel.attributes).filter((name) => !isPrivate(name, { model, privateNames }));

function required<T>(found: T | undefined, uid: string): T {
  if (!found) throw new Error(`There is no model "${uid}".`);
  return found;
}

function tablePlan(uid: string, context: Context): TablePlan {
  const model = required(context.modelOf(uid), uid);
  const dbModel = required(context.dbModelOf(uid), uid);
  const columns = visibleNames(model, dbModel, context).flatMap((name) => {
    const { type, columnName } = dbModel.attributes[name] as DbAttribute;
    return type === 'relation' || !columnName ? [] : [{ name, column: columnName, type }];
  });
  return { table: dbModel.tableName, columns };
}

function componentsPlan(
  model: ContentModel,
  names: string[],
  dbModel: DbModel,
): ComponentsPlan | null {
  const fields = names.map((name) => ({
    name,
    isMany: isMany(dbModel.attributes[name] as DbAttribute),
    component: model.attributes[name]?.component ?? null,
  }));
  const joins = names.map((name) => dbModel.attributes[name]?.joinTable);
  const zone = joins.find((join) => join?.morphColumn);
  const first = joins[0];
  const id = first?.inverseJoinColumn?.name ?? zone?.morphColumn?.idColumn.name;
  if (!first || !id) return null;
  return {
    table: first.name,
    owner: first.joinColumn.name,
    id,
    type: zone?.morphColumn?.typeColumn.name ?? null,
    fields,
  };
}

function mediaPlan(names: string[], dbModel: DbModel, context: Context): MediaPlan | null {
  const attribute = dbModel.attributes[names[0] ?? ''];
  if (!attribute?.target || !attribute.morphBy) return null;
  const join = context.dbModelOf(attribute.target)?.attributes[attribute.morphBy]?.joinTable;
  if (!join?.morphColumn) return null;
  return {
    file: tablePlan(attribute.target, context),
    table: join.name,
    fileId: join.joinColumn.name,
    owner: join.morphColumn.idColumn.name,
    type: join.morphColumn.typeColumn.name,
    fields: names.map((name) => ({
      name,
      isMany: isMany(dbModel.attributes[name] as DbAttribute),
    })),
  };
}

function relationPlan(name: string, attribute: DbAttribute, context: Context): RelationPlan | null {
  const { joinTable, target } = attribute;
  const isPlain =
    joinTable?.inverseJoinColumn?.referencedColumn === 'id' &&
    joinTable.joinColumn.referencedColumn === 'id' &&
    !joinTable.on;
  if (!isPlain || !target || !joinTable?.inverseJoinColumn) return null;
  return {
    name,
    isMany: isMany(attribute),
    target: tablePlan(target, context),
    table: joinTable.name,
    owner: joinTable.joinColumn.name,
    targetId: joinTable.inverseJoinColumn.name,
    // The link's own id last, so that links without an order of their own always come in the same one.
    orderBy: [
      ...Object.entries(joinTable.orderBy ?? {}).map(([column, order]) => ({ column, order })),
      { column: 'id', order: 'asc' },
    ],
  };
}

/** `uid` is a content type or a component. */
export function rowPlan(uid: string, context: Context): RowPlan {
  const model = required(context.modelOf(uid), uid);
  const dbModel = required(context.dbModelOf(uid), uid);
  const typeOf = (name: string) => model.attributes[name]?.type ?? dbModel.attributes[name]?.type;
  const links = visibleNames(model, dbModel, context).filter(
    (name) =>
      dbModel.attributes[name]?.type === 'relation' &&
      !dbModel.attributes[name]?.unstable_virtual &&
      name !== 'localizations',
  );
  const of = (...types: string[]) => links.filter((name) => types.includes(typeOf(name) ?? ''));
  const componentNames = of('component', 'dynamiczone');
  const components = componentsPlan(model, componentNames, dbModel);
  const media = mediaPlan(of('media'), dbModel, context);
  const relations = of('relation').flatMap(
    (name) => relationPlan(name, dbModel.attributes[name] as DbAttribute, context) ?? [],
  );
  const planned = new Set([
    ...(components ? componentNames : []),
    ...(media ? of('media') : []),
    ...relations.map(({ name }) => name),
  ]);
  return {
    ...tablePlan(uid, context),
    uid,
    components,
    media,
    relations,
    others: links.filter((name) => !planned.has(name)),
    links,
  };
}

/**
 * Which links a save can change: those that its data names. Null is all of them: a relation to its own type changes
 * another attribute of the same document from its other end.
 */
export function namedLinks(
  data: Record<string, unknown> | undefined,
  plan: RowPlan,
  model: ContentModel,
): ReadonlySet<string> | null {
  const named = plan.links.filter((name) => !isEmptyOrder(data?.[name]));
  const isOwn = (name: string) => {
    const { type, target } = model.attributes[name] ?? {};
    return type === 'relation' && (target === undefined || target === plan.uid);
  };
  return named.some((name) => isOwn(name) && !SYSTEM_ATTRIBUTES.has(name)) ? null : new Set(named);
}

/** The Content Manager sends every relation, and those that nobody touched as nothing to connect or disconnect. */
function isEmptyOrder(value: unknown): boolean {
  if (value === undefined) return true;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { connect, disconnect, ...rest } = value as Record<string, unknown>;
  const isEmpty = (list: unknown) => list === undefined || (Array.isArray(list) && !list.length);
  return (
    (connect !== undefined || disconnect !== undefined) &&
    isEmpty(connect) &&
    isEmpty(disconnect) &&
    Object.keys(rest).every((key) => key === 'options')
  );
}

/**
 * A column's value as `strapi.db.query` answers it for an attribute's type. Drivers answer booleans as numbers, decimals as
 * text, and JSON as either.
 */
export function columnValue(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'json':
    case 'blocks':
      return jsonOf(value);
    case 'integer':
    case 'float':
    case 'decimal':
      return Number(value);
    case 'boolean':
      return isTrue(value) ? true : isFalse(value) ? false : null;
    case 'datetime':
      return dateOf(value)?.toISOString() ?? null;
    case 'timestamp':
      return dateOf(value)?.getTime().toString() ?? null;
    case 'increments':
    case 'date':
    case 'time':
      return value;
    default:
      return String(value);
  }
}

/** Strapi 5 before 5.0.0-rc.8 stored JSON as JSON in a string, so a text is read once more. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? JSON.parse(parsed) : parsed;
  } catch {
    return value;
  }
}

function dateOf(value: unknown): Date | null {
  const date = value instanceof Date ? value : new Date(value as string | number);
  return Number.isNaN(date.getTime()) ? null : date;
}

const isTrue = (value: unknown) => value === true || String(value) === '1';
const isFalse = (value: unknown) => value === false || String(value) === '0';
