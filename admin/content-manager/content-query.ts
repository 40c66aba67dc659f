/** What the address of the Content Manager's pages says: the language, and the state that a list is narrowed to. */
import { PLUGIN_ID } from '../../server/contract/names';
import { STATE_FILTER } from '../../server/contract/document';

/** By plugin; Strapi hands all of it on to the request of the list. */
type PluginParams = { i18n?: { locale?: string } } & Record<
  string,
  Record<string, string | undefined> | undefined
>;
export type ContentQuery = { plugins?: PluginParams; filters?: unknown; _q?: string };

export const localeOf = ({ plugins }: ContentQuery): string | null => plugins?.i18n?.locale ?? null;

export const stateFilterOf = ({ plugins }: ContentQuery): string | null =>
  plugins?.[PLUGIN_ID]?.[STATE_FILTER] ?? null;

/** The address's plugin parameters with the list narrowed to a state; null: to none. */
export const withStateFilter = ({ plugins }: ContentQuery, state: string | null): PluginParams => {
  const { [PLUGIN_ID]: _before, ...others } = plugins ?? {};
  return state === null ? others : { ...others, [PLUGIN_ID]: { [STATE_FILTER]: state } };
};
