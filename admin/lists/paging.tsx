/** Page size and page links below a list; both live in the address as `page` and `pageSize`. */
import { Pagination } from '@strapi/strapi/admin';
import type { Pagination as Paged } from '../../server/contract/api';

export const Paging = ({ pagination }: { pagination: Paged }) => (
  <Pagination.Root
    pageCount={pagination.pageCount}
    total={pagination.total}
    defaultPageSize={pagination.pageSize}
  >
    <Pagination.PageSize />
    <Pagination.Links />
  </Pagination.Root>
);
