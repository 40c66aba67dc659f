/** A list in a box that shows its first page, and more when asked. */
import * as React from 'react';
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import type { Page } from '../../server/contract/api';
import { useLoad } from '../api/use-load';
import { useText } from '../translations/use-text';
import { Loaded } from './loaded';

type WithId = { id: string };

/** `page` from 1. From useCallback; another one loads anew. */
export type LoadPage<T> = (page: number) => Promise<Page<T>>;

/** All pages that were asked for, so that what came in between neither hides nor doubles an entry. */
const firstPages = async <T extends WithId>(load: LoadPage<T>, count: number) => {
  const pages = await Promise.all(Array.from({ length: count }, (_, at) => load(at + 1)));
  const total = pages[0]?.meta.pagination.total ?? 0;
  const entries = new Map(pages.flatMap(({ data }) => data).map((entry) => [entry.id, entry]));
  return { entries: [...entries.values()], total };
};

const Item = ({ children }: { children: React.ReactNode }) => (
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
    {children}
  </Flex>
);

type Props<T> = {
  load: LoadPage<T>;
  /** Said where there is nothing. */
  none: string;
  children: (entry: T) => React.ReactNode;
};

export const GrowingList = <T extends WithId>({ load, none, children }: Props<T>) => {
  const text = useText();
  const [count, setCount] = React.useState(1);
  const loaded = useLoad(React.useCallback(() => firstPages(load, count), [load, count]));
  return (
    <Loaded load={loaded}>
      {({ entries, total }) =>
        entries.length === 0 ? (
          <Typography textColor="neutral600">{none}</Typography>
        ) : (
          <>
            <Flex tag="ol" direction="column" alignItems="stretch" padding={0} margin={0}>
              {entries.map((entry) => (
                <Item key={entry.id}>{children(entry)}</Item>
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
                  {text('common.more', { count: total - entries.length })}
                </Button>
              </Box>
            )}
          </>
        )
      }
    </Loaded>
  );
};
