/** What is typed into the form of a replication. Pure. */
import { MASK } from '../../../server/contract/names';
import {
  TRANSFER_GROUPS,
  type Replication,
  type ReplicationInput,
  type TransferGroup,
} from '../../../server/contract/replication';

export type Draft = {
  name: string;
  destination: string;
  /** Empty: what is stored stays. */
  token: string;
  /** Empty: everything. */
  only: TransferGroup[];
  cron: string;
};

/** What is left out is shown as what is copied: one question instead of two. */
const copied = ({ only, exclude }: Replication): TransferGroup[] =>
  exclude.length === 0 ? only : TRANSFER_GROUPS.filter((group) => !exclude.includes(group));

export const draftOf = (stored: Replication | null): Draft => ({
  name: stored?.name ?? '',
  destination: stored?.destination ?? '',
  token: '',
  only: stored ? copied(stored) : [],
  cron: stored?.cron ?? '',
});

export const inputOf = (draft: Draft, stored: Replication | null): ReplicationInput => ({
  name: draft.name,
  destination: draft.destination,
  token: draft.token === '' && stored ? MASK : draft.token,
  only: draft.only,
  exclude: [],
  cron: draft.cron.trim() || null,
});

export const isSame = (one: Draft, other: Draft) => JSON.stringify(one) === JSON.stringify(other);

/** What may be kept in the browser: all but the token. */
export const toKeep = (draft: Draft): { draft: Draft; lacksSecrets: boolean } => ({
  draft: { ...draft, token: '' },
  lacksSecrets: draft.token !== '',
});
