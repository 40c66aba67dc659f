/** What a transfer copies, and what of the destination it replaces, as `strapi transfer` has it. Pure. */
import type { TransferGroup } from '../contract/replication';

type Groups = { only: readonly TransferGroup[]; exclude: readonly TransferGroup[] };

const isCopied = (group: TransferGroup, { only, exclude }: Groups): boolean =>
  !exclude.includes(group) && (only.length === 0 || only.includes(group));

type Types = {
  all: readonly string[];
  /** Types that Strapi transfers nowhere, such as its administrators. */
  isIgnored(uid: string): boolean;
  /** Of others that it leaves alone, wherever they are. */
  ignored: readonly string[];
};

/** Which types lose what they hold before they are copied; undefined: all but the excluded ones. */
const emptiedTypes = (groups: Groups, { all, isIgnored }: Types): string[] | undefined => {
  if (!isCopied('content', groups)) return [];
  // Without the configuration nothing but content types is copied, and nothing else may be emptied.
  return isCopied('config', groups) ? undefined : all.filter((uid) => !isIgnored(uid));
};

export const restoreOf = (groups: Groups, types: Types) => {
  const isConfigured = isCopied('config', groups);
  return {
    entities: {
      include: emptiedTypes(groups, types),
      exclude: [...new Set([...types.all.filter(types.isIgnored), ...types.ignored])],
    },
    assets: isCopied('files', groups),
    configuration: { webhook: isConfigured, coreStore: isConfigured },
  };
};

type Entity = { type: string };
type Link = { left: Entity; right: Entity };

export const transformsOf = (isIgnored: (uid: string) => boolean) => ({
  entities: [{ filter: ({ type }: Entity) => !isIgnored(type) }],
  links: [{ filter: ({ left, right }: Link) => !isIgnored(left.type) && !isIgnored(right.type) }],
});
