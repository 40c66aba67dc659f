/** The document of a delivery, by its title where the reader may read it, and the way to it where there is one. */
import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { ListedDelivery } from '../../../server/contract/delivery';
import { WrappedName } from '../../components/wrapped-name';
import { contentPath } from '../../paths';

type Props = { delivery: ListedDelivery };

const pathOf = ({ uid, documentId, locale, document }: ListedDelivery): string | null =>
  uid !== null && documentId !== null && document?.isOpenable && document.contentType
    ? contentPath({ uid, documentId, locale, kind: document.contentType.kind })
    : null;

/** What is no document, such as a change of the content model, is named by its type. */
const nameOf = ({ uid, documentId, document }: ListedDelivery) =>
  document?.title ?? documentId ?? uid;

const typeOf = ({ uid, documentId, locale, document }: ListedDelivery) =>
  documentId === null
    ? locale
    : [document?.contentType?.displayName ?? uid, locale].filter(Boolean).join(' · ');

export const DocumentName = ({ delivery }: Props) => {
  const path = pathOf(delivery);
  const name = nameOf(delivery);
  const type = typeOf(delivery);
  if (!name) return <Typography textColor="neutral600">-</Typography>;
  return (
    <Flex direction="column" alignItems="flex-start" minWidth={0}>
      {path ? (
        <Link tag={NavLink} to={path}>
          <WrappedName maxLines={3}>{name}</WrappedName>
        </Link>
      ) : (
        <Typography>
          <WrappedName maxLines={3}>{name}</WrappedName>
        </Typography>
      )}
      {type && (
        <Typography variant="pi" textColor="neutral600">
          <WrappedName>{type}</WrappedName>
        </Typography>
      )}
    </Flex>
  );
};
