/**
 * The only way to the server: endpoints on Strapi's `adminApi` (RTK Query). A change names what it makes stale, and whatever
 * shows that loads it again.
 */
import { adminApi, type QueryArguments } from '@strapi/strapi/admin';
import { PLUGIN_ID } from '../../server/contract/names';
import { endOfSession } from './session';

/** What the plugin's answers are about. */
const TAGS = [
  'webhook',
  'authorization',
  'workflow',
  'schedule',
  'replication',
  'delivery',
  'change',
  'catalogue',
] as const;
export type Tag = (typeof TAGS)[number];

/** All plugins of a panel share one space of tags and of endpoints. */
export const tagType = (tag: Tag) => `${PLUGIN_ID}.${tag}` as const;

const api = adminApi.enhanceEndpoints({ addTagTypes: TAGS.map(tagType) });

/** The requests of `reading` that are not answered yet, and what they are about. */
const running = new Map<Promise<unknown>, readonly Tag[]>();

/**
 * Waits until nothing about these is being read. Redux Toolkit 1.9 neither asks again what it is asking already, nor says when
 * that is answered: the caller would get an answer that may be older than a change.
 */
async function settled(tags: readonly Tag[]): Promise<void> {
  const found = () =>
    [...running].flatMap(([answered, about]) =>
      about.some((tag) => tags.includes(tag)) ? [answered] : [],
    );
  for (let open = found(); open.length > 0; open = found()) await Promise.all(open);
}

type Asked<Result> = { unwrap: () => Promise<Result> };

/** An endpoint that reads, as pages use it. */
export type Readable<Result, Arg> = {
  useQuery: (
    arg: Arg,
    options: { refetchOnMountOrArgChange: boolean; skip: boolean },
  ) => { data?: Result; error?: unknown; isFetching: boolean; refetch: () => unknown };
  useLazyQuery: () => readonly [(arg: Arg) => Asked<Result>, ...unknown[]];
  /** Resolves when nothing of what it is about is being read. */
  settled: () => Promise<void>;
};

/** An action of Strapi's store that changes an answer. */
export type Thunk = ReturnType<typeof adminApi.util.updateQueryData>;

/** Puts an answer that is known already in place of the one that is shown. */
type Shows<Result, Arg> = { show: (arg: Arg, result: Result) => Thunk };

/** An endpoint that changes something, as pages use it. */
export type Callable<Result, Arg> = {
  useMutation: () => readonly [(arg: Arg) => Asked<Result>, unknown];
};

type Reading<Result, Arg, Answer> = {
  request: (arg: Arg) => QueryArguments;
  /** What callers get of the answer. */
  result: (answer: Answer, arg: Arg) => Result;
  /** What it is about. */
  tags: readonly Tag[];
};

/** An endpoint that reads. `name` is part of its key in Strapi's store. */
export function reading<Result, Arg = void, Answer = { data: Result }>(
  name: string,
  { request, result, tags }: Reading<Result, Arg, Answer>,
): Readable<Result, Arg> & Shows<Result, Arg> {
  const key = `${PLUGIN_ID}.${name}`;
  const { endpoints, util } = api.injectEndpoints({
    endpoints: (build) => ({
      [key]: build.query<Result, Arg>({
        query: request,
        transformResponse: (answer: Answer, _meta, arg) => result(answer, arg),
        providesTags: tags.map(tagType),
        // A form must not open with an answer of before.
        keepUnusedDataFor: 0,
        onQueryStarted: async (_arg, { queryFulfilled }) => {
          const answered = queryFulfilled.catch(({ error }) => endOfSession(error));
          running.set(answered, tags);
          await answered;
          running.delete(answered);
        },
      }),
    }),
  });
  const show = (arg: Arg, result: Result) => util.updateQueryData(key, arg, () => result);
  return { ...endpoints[key]!, show, settled: () => settled(tags) };
}

type Changing<Result, Arg, Answer> = {
  request: (arg: Arg) => QueryArguments;
  result: (answer: Answer) => Result;
  /** What it makes stale. Nothing: it only asks, as a test does. */
  stale: readonly Tag[];
  /** Shows the answer before what is stale is loaded again. */
  shows?: (result: Result) => Thunk;
};

/** An endpoint that changes something, or that a button asks. */
export function changing<Result, Arg = void, Answer = { data: Result }>(
  name: string,
  { request, result, stale, shows }: Changing<Result, Arg, Answer>,
): Callable<Result, Arg> {
  const key = `${PLUGIN_ID}.${name}`;
  const { endpoints } = api.injectEndpoints({
    endpoints: (build) => ({
      [key]: build.mutation<Result, Arg>({
        query: request,
        transformResponse: result,
        onQueryStarted: async (_arg, { dispatch, queryFulfilled }) => {
          try {
            const { data } = await queryFulfilled;
            if (shows) dispatch(shows(data));
          } catch (failed) {
            // What is shown may be older than what the server has, so it is loaded again after a refusal too.
            endOfSession((failed as { error: unknown }).error);
          }
          if (stale.length === 0) return;
          await settled(stale);
          dispatch(api.util.invalidateTags(stale.map(tagType)));
        },
      }),
    }),
  });
  return endpoints[key]!;
}

/** The `data` of an answer. */
export function dataOf<Result>({ data }: { data: Result }): Result {
  return data;
}

/** The whole answer, as for a list, whose `meta` counts. */
export function wholeOf<Result>(answer: Result): Result {
  return answer;
}

export const get = (url: string): QueryArguments => ({ url });
export const post = (url: string, data: unknown = {}): QueryArguments => ({
  url,
  method: 'POST',
  data,
});
export const put = (url: string, data: unknown): QueryArguments => ({ url, method: 'PUT', data });
export const del = (url: string): QueryArguments => ({ url, method: 'DELETE' });
