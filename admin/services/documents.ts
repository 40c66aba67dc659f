/**
 * A document's workflow in the cache of Strapi's own requests, under Strapi's tags. A save or a publish, one
 * that the server refused too, so refreshes what we show; a command refreshes the document, its tabs, the list.
 */
import { adminApi } from '@strapi/strapi/admin';
import type {
  CommandResult,
  DocumentStates,
  DocumentWorkflow,
  RunCommand,
} from '../../server/contract/document';
import { tagType } from './api';
import { path, queryString } from './query';
import type { ListedSchedule } from '../../server/contract/schedule';
import type { Page } from '../../server/contract/api';
import { isMarkable, markWorkflow } from './workflow-mark';

export type Place = { uid: string; documentId: string; locale: string | null };
export type Run = Place & {
  command: string;
  input: RunCommand;
  /** One of many: nothing is refreshed until the last is through. */
  isOneOfMany?: boolean;
};
export type StatesAsked = { uid: string; documentIds: string[]; locale: string | null };

type Data<T> = { data: T };
const dataOf = <T>({ data }: Data<T>) => data;

const placePath = ({ uid, documentId }: Place, ...rest: string[]) =>
  path('documents', uid, documentId, ...rest);

const listTag = (uid: string) => ({ type: 'Document' as const, id: `${uid}_LIST` });
/** Of a single type, Strapi's tag is the type alone. */
const documentTags = (uid: string, documentId: string) => [
  { type: 'Document' as const, id: `${uid}_${documentId}` },
  { type: 'Document' as const, id: uid },
];
const ownTag = ({ documentId }: Place) => ({ type: 'DocumentWorkflow' as const, id: documentId });
const SCHEDULE = tagType('schedule');
const COUNTS = ['Relations', 'RecentDocumentList', 'CountDocuments'] as const;

/** What a document that has moved makes stale. A refusal changes nothing but our history. */
const staleAfter = (place: Place, hasFailed: boolean) =>
  hasFailed
    ? [ownTag(place)]
    : [ownTag(place), ...documentTags(place.uid, place.documentId), listTag(place.uid), ...COUNTS];

const documentApi = adminApi
  .enhanceEndpoints({
    addTagTypes: ['Document', 'ContentTypesConfiguration', 'DocumentWorkflow', SCHEDULE, ...COUNTS],
  })
  .injectEndpoints({
    endpoints: (builder) => ({
      /** The workflow of a type, with the commands that this user may run; asks for no document. */
      getTypeWorkflow: builder.query<DocumentStates, string>({
        query: (uid) => ({ url: path('documents', uid) }),
        transformResponse: dataOf<DocumentStates>,
        // Loaded anew with the configuration of the list, which then needs its mark again.
        providesTags: (_result, _error, uid) => [{ type: 'ContentTypesConfiguration', id: uid }],
        onQueryStarted: async (uid, { dispatch, queryFulfilled }) => {
          await queryFulfilled.then(
            ({ data }) => isMarkable() && dispatch(markWorkflow(uid, data)),
            () => undefined,
          );
        },
      }),
      getDocumentStates: builder.query<DocumentStates, StatesAsked>({
        query: ({ uid, documentIds, locale }) => ({
          url: path('documents', uid) + queryString({ documentIds: documentIds.join(','), locale }),
        }),
        transformResponse: dataOf<DocumentStates>,
        providesTags: (_result, _error, { uid, documentIds }) => [
          listTag(uid),
          ...documentIds.flatMap((documentId) => documentTags(uid, documentId)),
        ],
      }),
      getDocumentWorkflow: builder.query<DocumentWorkflow, Place>({
        query: (place) => ({ url: placePath(place) + queryString({ locale: place.locale }) }),
        transformResponse: dataOf<DocumentWorkflow>,
        providesTags: (_result, _error, place) => [
          ownTag(place),
          ...documentTags(place.uid, place.documentId),
        ],
      }),
      /** The last one that was made for it: an open one, if there is any. */
      getDocumentSchedule: builder.query<ListedSchedule | null, Place>({
        query: ({ uid, documentId, locale }) => ({
          url:
            path('schedules') +
            queryString({ uid, documentId, locale, sort: 'createdAt:desc', pageSize: 1 }),
        }),
        transformResponse: ({ data }: Page<ListedSchedule>) => data[0] ?? null,
        providesTags: (_result, _error, place) => [
          SCHEDULE,
          ...documentTags(place.uid, place.documentId),
        ],
      }),
      /** Asks nobody: says that the server has published or archived it. */
      refreshDocument: builder.mutation<null, Place>({
        queryFn: () => ({ data: null }),
        invalidatesTags: (_result, _error, place) => staleAfter(place, false),
      }),
      runCommand: builder.mutation<CommandResult, Run>({
        query: ({ command, input, ...place }) => ({
          url: placePath(place, 'commands', command) + queryString({ locale: place.locale }),
          method: 'POST',
          data: input,
        }),
        transformResponse: dataOf<CommandResult>,
        invalidatesTags: (_result, error, { input, isOneOfMany, ...place }) =>
          isOneOfMany || input.dryRun ? [] : staleAfter(place, Boolean(error)),
      }),
      bypassWorkflow: builder.mutation<CommandResult, Place & { comment: string }>({
        query: ({ comment, ...place }) => ({
          url: placePath(place, 'bypass') + queryString({ locale: place.locale }),
          method: 'POST',
          data: { comment },
        }),
        transformResponse: dataOf<CommandResult>,
        invalidatesTags: (_result, error, place) => staleAfter(place, Boolean(error)),
      }),
      /** Asks nobody: says that many documents of a type have moved. */
      refreshType: builder.mutation<null, string>({
        queryFn: () => ({ data: null }),
        invalidatesTags: (_result, _error, uid) => [
          listTag(uid),
          { type: 'Document', id: `${uid}_ALL_ITEMS` },
          ...COUNTS,
        ],
      }),
    }),
  });

export const {
  useGetTypeWorkflowQuery,
  useGetDocumentStatesQuery,
  useGetDocumentWorkflowQuery,
  useGetDocumentScheduleQuery,
  useRefreshDocumentMutation,
  useRunCommandMutation,
  useBypassWorkflowMutation,
  useRefreshTypeMutation,
} = documentApi;
