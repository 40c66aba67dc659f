/** The event picker: every event with its sentence, whole families, and everything. */
import { Box, Checkbox, Flex, Grid, Typography } from '@strapi/design-system';
import type { CatalogueEntry } from '../../../../server/contract/catalogue';
import { SectionBox } from '../../../components/section-box';
import { isTextKey, useText } from '../../../translations/use-text';
import {
  allTick,
  familiesOf,
  familyTick,
  isTicked,
  withAll,
  withEvent,
  withFamily,
  type EventFamily,
} from '../event-choice';
import type { WebhookForm } from '../use-webhook-form';

type FamilyProps = { form: WebhookForm; family: EventFamily; families: EventFamily[] };

/** In the administrator's language where it is translated, in the server's words otherwise. */
const useDescription = () => {
  const text = useText();
  return ({ name, description }: CatalogueEntry) => {
    const key = `event.${name}`;
    return isTextKey(key) ? text(key) : description;
  };
};

const useFamilyLabel = () => {
  const text = useText();
  return ({ prefix }: EventFamily) => {
    const key = `events.family.${prefix}`;
    return isTextKey(key) ? text(key) : prefix;
  };
};

const EventBox = ({ form, family, families, entry }: FamilyProps & { entry: CatalogueEntry }) => {
  const describe = useDescription();
  const { events } = form.draft;
  return (
    <Flex direction="column" alignItems="flex-start">
      <Checkbox
        checked={isTicked(family, entry.name, events)}
        disabled={form.isReadOnly}
        aria-describedby={`about-${entry.name}`}
        onCheckedChange={(isOn) =>
          form.set({
            events: withEvent({ family, name: entry.name, isOn: isOn === true, events, families }),
          })
        }
      >
        {entry.name}
      </Checkbox>
      <Box paddingLeft={7}>
        <Typography id={`about-${entry.name}`} variant="pi" textColor="neutral600">
          {describe(entry)}
        </Typography>
      </Box>
    </Flex>
  );
};

const Family = ({ form, family, families }: FamilyProps) => {
  const label = useFamilyLabel()(family);
  const { events } = form.draft;
  return (
    <Box
      role="group"
      aria-label={label}
      borderColor="neutral200"
      hasRadius
      padding={4}
      background="neutral0"
    >
      <Box paddingBottom={3}>
        <Checkbox
          checked={familyTick(family, events)}
          disabled={form.isReadOnly}
          onCheckedChange={(isOn) =>
            form.set({ events: withFamily(family, isOn === true, { events, families }) })
          }
        >
          <Typography fontWeight="bold">{`${label} (${family.pattern})`}</Typography>
        </Checkbox>
      </Box>
      <Grid.Root gap={3} paddingLeft={7}>
        {family.entries.map((entry) => (
          <Grid.Item key={entry.name} col={6} s={12} alignItems="flex-start">
            <EventBox form={form} family={family} families={families} entry={entry} />
          </Grid.Item>
        ))}
      </Grid.Root>
    </Box>
  );
};

/** The first message about any of the events. */
const errorOf = (form: WebhookForm) =>
  Object.entries(form.problems).find(([path]) => path.split('.')[0] === 'events')?.[1];

type Props = { form: WebhookForm; catalogue: CatalogueEntry[] };

export const EventsSection = ({ form, catalogue }: Props) => {
  const text = useText();
  const families = familiesOf(catalogue);
  const error = errorOf(form);
  return (
    <SectionBox title={text('webhooks.events')} description={text('events.description')}>
      <Checkbox
        checked={allTick(form.draft.events)}
        disabled={form.isReadOnly}
        onCheckedChange={(isOn) => form.set({ events: withAll(isOn === true) })}
      >
        <Typography fontWeight="bold">{text('events.all')}</Typography>
      </Checkbox>
      {families.map((family) => (
        <Family key={family.pattern} form={form} family={family} families={families} />
      ))}
      {error && (
        <Typography variant="pi" textColor="danger600" role="alert">
          {error}
        </Typography>
      )}
    </SectionBox>
  );
};
