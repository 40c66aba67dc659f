/** The end of an edit page: who changed this one, when, and what. */
import * as React from 'react';
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import type { AuditEntry } from '../../../server/contract/audit';
import type { Page } from '../../../server/contract/paging';
import { useLoad } from '../../api/use-load';
import { useText } from '../../translations/use-text';
import { Loaded } from '../loaded';
import { SectionBox } from '../section-box';
import { TimeAgo } from '../time-ago';
import { Deed, useActorName } from './deed';

/** `page` from 1. From useCallback; another one loads anew. */
type Load = (page: number) => Promise<Page<AuditEntry>>;

/** All pages that were asked for, so that what came in between neither hides nor doubles an entry. */
const firstPages = async (load: Load, count: number) => {
  const pages = await Promise.all(Array.from({ length: count }, (_, at) => load(at + 1)));
  const total = pages[0]?.meta.pagination.total ?? 0;
  const entries = new Map(pages.flatMap(({ data }) => data).map((entry) => [entry.id, entry]));
  return { entries: [...entries.values()], total };
};

const Entry = ({ entry }: { entry: AuditEntry }) => {
  const actorName = useActorName();
  return (
    <Flex
      tag="li"
      direction="column"
      alignItems="flex-start"
      gap={1}
      paddingTop={3}
      paddingBottom={3}
      borderStyle="solid"
      borderWidth="0 0 1px 0"
      borderColor="neutral150"
    >
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
    </Flex>
  );
};

export const ChangesSection = ({ load }: { load: Load }) => {
  const text = useText();
  const [count, setCount] = React.useState(1);
  const loaded = useLoad(React.useCallback(() => firstPages(load, count), [load, count]));
  return (
    <SectionBox title={text('changes.title')} description={text('changes.description')}>
      <Loaded load={loaded}>
        {({ entries, total }) =>
          entries.length === 0 ? (
            <Typography textColor="neutral600">{text('changes.none')}</Typography>
          ) : (
            <>
              <Flex tag="ol" direction="column" alignItems="stretch" padding={0} margin={0}>
                {entries.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </Flex>
              {entries.length < total && (
                <Box>
                  <Button
                    type="button"
                    variant="tertiary"
                    loading={loaded.isLoading}
                    onClick={() => setCount(count + 1)}
                  >
                    {text('changes.more', { count: total - entries.length })}
                  </Button>
                </Box>
              )}
            </>
          )
        }
      </Loaded>
    </SectionBox>
  );
};
