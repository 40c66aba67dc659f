/** The end of an edit page: who changed this one, when, and what. */
import { Flex, Typography } from '@strapi/design-system';
import type { AuditEntry, Page } from '../../../server/contract/api';
import { useText } from '../../translations/use-text';
import type { OfOne } from '../../services/resource';
import type { Readable } from '../../services/api';
import { GrowingList } from '../../lists/growing-list';
import { SectionBox } from '../../components/section-box';
import { TimeAgo } from '../../components/time-ago';
import { Deed, useActorName } from './deed';

const Entry = ({ entry }: { entry: AuditEntry }) => {
  const actorName = useActorName();
  return (
    <>
      <Deed entry={entry} />
      <Flex gap={1} wrap="wrap">
        <Typography variant="pi" textColor="neutral600">
          {actorName(entry)}
        </Typography>
        <Typography variant="pi" textColor="neutral600">
          ·
        </Typography>
        <TimeAgo at={entry.at} variant="pi" textColor="neutral600" />
      </Flex>
    </>
  );
};

type Props = { list: Readable<Page<AuditEntry>, OfOne>; of: { id: string } };

export const ChangesSection = ({ list, of }: Props) => {
  const text = useText();
  return (
    <SectionBox title={text('changes.title')} description={text('changes.description')}>
      <GrowingList list={list} of={of} none={text('changes.none')}>
        {(entry) => <Entry entry={entry} />}
      </GrowingList>
    </SectionBox>
  );
};
