/** The calls that every managed thing has: list, read, create, update, remove, and who changed it. */
import type { AuditEntry, Page, WithVersion } from '../../server/contract/api';
import {
  changing,
  dataOf,
  del,
  get,
  post,
  put,
  reading,
  wholeOf,
  type Tag,
  type Thunk,
} from './api';
import { path, queryString, type Query } from './query';

type Options<Thing> = {
  /** What it is called in addresses, such as "webhooks". */
  name: string;
  tag: Tag;
  /** What else a change of one makes stale. */
  stale?: readonly Tag[];
  /** What may be kept of an answer that is shown. */
  shown?: (thing: Thing) => Thing;
};

/** What is asked of one thing: a page of its list, for example. */
export type OfOne = { id: string } & Query;

const rest = ({ id: _id, ...query }: OfOne): Query => query;

/** A list that belongs to one thing, such as its changes. */
export function listOfOne<Entry>(name: string, part: string, tags: readonly Tag[]) {
  return reading<Page<Entry>, OfOne, Page<Entry>>(`${name}.${part}`, {
    request: (query) => get(path(name, query.id, part) + queryString(rest(query))),
    result: wholeOf,
    tags,
  });
}

export function resource<Thing extends { id: string }, Input>({
  name,
  tag,
  stale = [],
  shown = wholeOf,
}: Options<Thing>) {
  const changed: readonly Tag[] = [tag, 'change', ...stale];
  const one = reading<Thing, string>(`${name}.one`, {
    request: (id) => get(path(name, id)),
    result: dataOf,
    tags: [tag],
  });
  return {
    list: reading<Page<Thing>, Query, Page<Thing>>(`${name}.list`, {
      request: (query) => get(path(name) + queryString(query)),
      result: wholeOf,
      tags: [tag],
    }),
    one,
    create: changing<Thing, Input>(`${name}.create`, {
      request: (input) => post(path(name), input),
      result: dataOf,
      stale: changed,
    }),
    update: changing<Thing, { id: string; input: WithVersion<Input> }>(`${name}.update`, {
      request: ({ id, input }) => put(path(name, id), input),
      result: dataOf,
      stale: changed,
      shows: (thing) => one.show(thing.id, shown(thing)),
    }),
    remove: changing<null, OfOne, unknown>(`${name}.remove`, {
      request: (query) => del(path(name, query.id) + queryString(rest(query))),
      result: () => null,
      stale: changed,
    }),
    changes: listOfOne<AuditEntry>(name, 'audit', ['change']),
  };
}

type CommandOptions<Thing> = {
  name: string;
  /** Where the thing is shown. */
  one: { show: (id: string, thing: Thing) => Thunk };
  stale: readonly Tag[];
};

/** A command on one thing that answers the thing, such as `/webhooks/:id/enable`. */
export function command<Thing extends { id: string }>(
  verb: string,
  { name, one, stale }: CommandOptions<Thing>,
) {
  return changing<Thing, string>(`${name}.${verb}`, {
    request: (id) => post(path(name, id, verb)),
    result: dataOf,
    stale,
    shows: (thing) => one.show(thing.id, thing),
  });
}
