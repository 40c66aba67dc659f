/** How a replication is edited: the form's values, and what is sent of them. Pure. */
import { MASK } from '../../../server/contract/names';
import {
  replicationSettingsSchema,
  TRANSFER_GROUPS,
  type Replication,
  type ReplicationInput,
  type TransferGroup,
} from '../../../server/contract/replication';
import type { FormMap } from '../../forms/use-resource-form';

export type Values = {
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

export const valuesOf = (stored: Replication | null): Values => ({
  name: stored?.name ?? '',
  destination: stored?.destination ?? '',
  token: '',
  only: stored ? copied(stored) : [],
  cron: stored?.cron ?? '',
});

export const inputOf = (values: Values, stored: Replication | null): ReplicationInput => ({
  name: values.name,
  destination: values.destination,
  token: values.token === '' && stored ? MASK : values.token,
  only: values.only,
  exclude: [],
  cron: values.cron.trim() || null,
});

export const replicationForm: FormMap<Replication, Values, ReplicationInput> = {
  name: 'replication',
  schema: replicationSettingsSchema,
  valuesOf,
  inputOf,
  toKeep: (values) => ({
    draft: { ...values, token: '' },
    lacksSecrets: values.token !== '',
  }),
};
