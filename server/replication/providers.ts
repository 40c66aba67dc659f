/** What transfers call their two sides, in the words of the events. Pure. */
import type { ReplicationFacts } from '../contract/event';

export type Provider = {
  name?: string;
  options?: {
    autoDestroy?: boolean;
    url?: { href?: string };
    file?: { path?: string };
    directory?: { path?: string };
  };
};

export type Engine = { sourceProvider: Provider; destinationProvider: Provider };

/** Where it is: an address without its token, the path of a file, or this Strapi. */
export const placeOf = ({ name = '', options }: Provider, here: string): string => {
  if (name.includes('remote')) return options?.url?.href ?? 'another Strapi';
  const path = options?.file?.path ?? options?.directory?.path;
  return path ?? (name.includes('local-strapi') ? here : name || 'a file');
};

export const kindOf = ({
  sourceProvider,
  destinationProvider,
}: Engine): ReplicationFacts['kind'] => {
  const isStrapi = ({ name = '' }: Provider) => name.includes('strapi');
  if (!isStrapi(destinationProvider)) return 'export';
  return isStrapi(sourceProvider) ? 'transfer' : 'import';
};

export const isLocal = ({ name = '' }: Provider) => name.includes('local-strapi');
