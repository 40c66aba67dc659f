/** The settings of a replication. */
import { TRANSFER_GROUPS } from '../../../../server/contract/replication';
import { SectionBox } from '../../../components/section-box';
import { FieldGrid, MultiField, SecretField, TextField } from '../../../forms/fields';
import { useText } from '../../../translations/use-text';

const PLACEHOLDER = { destination: 'https://cms.example.com/admin', cron: '0 3 * * *' };

export const GeneralSection = ({ isStored }: { isStored: boolean }) => {
  const text = useText();
  const groups = TRANSFER_GROUPS.map((value) => ({
    value,
    label: text(`replications.group.${value}`),
  }));
  return (
    <SectionBox title={text('replications.general')}>
      <FieldGrid>
        {[
          <TextField key="name" name="name" label={text('replications.field.name')} isRequired />,
          <TextField
            key="destination"
            name="destination"
            label={text('replications.field.destination')}
            hint={text('replications.hint.destination')}
            placeholder={PLACEHOLDER.destination}
            isRequired
          />,
          <SecretField
            key="token"
            name="token"
            label={text('replications.field.token')}
            hint={text('replications.hint.token')}
            isStored={isStored}
          />,
          <MultiField
            key="only"
            name="only"
            label={text('replications.field.only')}
            options={groups}
            placeholder={text('replications.everything')}
          />,
          <TextField
            key="cron"
            name="cron"
            label={text('replications.field.cron')}
            hint={text('replications.hint.cron')}
            placeholder={PLACEHOLDER.cron}
          />,
        ]}
      </FieldGrid>
    </SectionBox>
  );
};
