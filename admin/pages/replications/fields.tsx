/** The fields of a replication. */
import { Grid } from '@strapi/design-system';
import { TRANSFER_GROUPS, type TransferGroup } from '../../../server/contract/replication';
import { Labelled } from '../../components/labelled';
import { MultiChoice } from '../../components/multi-choice';
import { PlainInput } from '../../components/plain-input';
import { useText } from '../../translations/use-text';
import { SecretInput } from '../../components/secret-input';
import type { ReplicationForm } from './use-replication-form';

type Props = { form: ReplicationForm; isStored: boolean; isReadOnly: boolean };
type PlainField = 'name' | 'destination' | 'cron';

const PLACEHOLDER = { name: '', destination: 'https://cms.example.com/admin', cron: '0 3 * * *' };

const Plain = ({ field, form, isReadOnly }: Props & { field: PlainField }) => {
  const text = useText();
  return (
    <Labelled
      name={field}
      label={text(`replications.field.${field}`)}
      hint={field === 'name' ? undefined : text(`replications.hint.${field}`)}
      error={form.problems[field]}
      isRequired={field !== 'cron'}
    >
      <PlainInput
        value={form.draft[field]}
        placeholder={PLACEHOLDER[field]}
        disabled={isReadOnly}
        onChange={(value) => form.change({ [field]: value })}
      />
    </Labelled>
  );
};

const Groups = ({ form, isReadOnly }: Props) => {
  const text = useText();
  const problem = form.problems.only ?? form.problems.exclude;
  return (
    <Labelled name="only" label={text('replications.field.only')} error={problem}>
      <MultiChoice
        value={form.draft.only}
        options={TRANSFER_GROUPS.map((value) => ({
          value,
          label: text(`replications.group.${value}`),
        }))}
        placeholder={text('replications.everything')}
        isDisabled={isReadOnly}
        clearLabel={text('common.removeOf', { name: text('replications.field.only') })}
        onChange={(only) => form.change({ only: only as TransferGroup[] })}
      />
    </Labelled>
  );
};

export const Fields = (props: Props) => {
  const { form, isStored, isReadOnly } = props;
  const text = useText();
  const cells = [
    <Plain key="name" {...props} field="name" />,
    <Plain key="destination" {...props} field="destination" />,
    <SecretInput
      key="token"
      name="token"
      label={text('replications.field.token')}
      hint={text('replications.hint.token')}
      value={form.draft.token}
      error={form.problems.token}
      isStored={isStored}
      isReadOnly={isReadOnly}
      onChange={(token) => form.change({ token })}
    />,
    <Groups key="only" {...props} />,
    <Plain key="cron" {...props} field="cron" />,
  ];
  return (
    <Grid.Root gap={4}>
      {cells.map((cell) => (
        <Grid.Item key={cell.key} col={6} s={12} xs={12} direction="column" alignItems="stretch">
          {cell}
        </Grid.Item>
      ))}
    </Grid.Root>
  );
};
