/**
 * Whether a content type has a workflow whose states its list shows. The hook for a list's columns runs without
 * network and once per configuration of the list, so the answer is written into Strapi's cached configuration:
 * that makes the list ask the hook anew. It is not sent back when somebody saves the configuration.
 */
import { adminApi } from '@strapi/strapi/admin';
import type { DocumentStates } from '../../server/contract/document';
import { PLUGIN_ID } from '../../server/contract/names';
import { hasOwnStates } from './own-states';

type Options = Record<string, unknown>;
type Configuration = { contentType: { options?: Options } };

type Change = (
  endpoint: string,
  uid: string,
  recipe: (draft: Configuration) => void,
) => ReturnType<typeof adminApi.util.updateQueryData>;

/** Strapi's endpoint is not among the types of its public API. */
const changeQueryData = adminApi.util.updateQueryData as unknown as Change;
const ENDPOINT = 'getContentTypeConfiguration';

export const isMarked = (options: Options): boolean => options[PLUGIN_ID] === true;

/** Without the endpoint, in a Strapi to come, lists merely lack the column. */
export const isMarkable = (): boolean => ENDPOINT in adminApi.endpoints;

export const markWorkflow = (uid: string, answer: DocumentStates) =>
  changeQueryData(ENDPOINT, uid, ({ contentType }) => {
    const hasStates = hasOwnStates(answer);
    if (isMarked(contentType.options ?? {}) === hasStates) return;
    contentType.options = { ...contentType.options, [PLUGIN_ID]: hasStates };
  });
