/** A list in a box that shows its first page, and more when asked. */
import * as React from 'react';
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import type { Page } from '../../server/contract/api';
import type { OfOne } from '../services/resource';
import type { Readable } from '../services/api';
import { useLoad } from '../services/use-load';
import { useText } from '../translations/use-text';
import { Loaded } from '../components/loaded';

type WithId = { id: string };

type Source<T> = { list: Readable<Page<T>, OfOne>; of: { id: string } };

type Rendered<T> = { children: (entry: T) => React.ReactNode };

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

const Entries = <T extends WithId>({ data, children }: Rendered<T> & { data: T[] }) =>
  data.map((entry) => <Item key={entry.id}>{children(entry)}</Item>);

type PageProps<T> = Source<T> & Rendered<T> & { page: number };

const LaterPage = <T extends WithId>({ list, of, page, children }: PageProps<T>) => (
  <Loaded load={useLoad(list, { ...of, page })}>
    {({ data }) => <Entries data={data}>{children}</Entries>}
  </Loaded>
);

type Props<T> = Source<T> &
  Rendered<T> & {
    /** Said where there is nothing. */
    none: string;
  };

/** All pages are loaded again together, so that what comes in between neither hides nor doubles an entry. */
export const GrowingList = <T extends WithId>({ list, of, none, children }: Props<T>) => {
  const text = useText();
  const [count, setCount] = React.useState(1);
  const first = useLoad(list, { ...of, page: 1 });
  return (
    <Loaded load={first}>
      {({ data, meta: { pagination } }) =>
        pagination.total === 0 ? (
          <Typography textColor="neutral600">{none}</Typography>
        ) : (
          <>
            <Flex tag="ol" direction="column" alignItems="stretch" padding={0} margin={0}>
              <Entries data={data}>{children}</Entries>
              {Array.from({ length: count - 1 }, (_, at) => (
                <LaterPage key={at} list={list} of={of} page={at + 2}>
                  {children}
                </LaterPage>
              ))}
            </Flex>
            {count < pagination.pageCount && (
              <Box>
                <Button type="button" variant="tertiary" onClick={() => setCount(count + 1)}>
                  {text('common.more', { count: pagination.total - count * pagination.pageSize })}
                </Button>
              </Box>
            )}
          </>
        )
      }
    </Loaded>
  );
};
