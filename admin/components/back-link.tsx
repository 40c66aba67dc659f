/** The link above a page's title that leads back to its list. */
import { Link } from '@strapi/design-system';
import { ArrowLeft } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import { useText } from '../translations/use-text';

export const BackLink = ({ to }: { to: string }) => {
  const text = useText();
  return (
    <Link tag={NavLink} startIcon={<ArrowLeft />} to={to}>
      {text('common.back')}
    </Link>
  );
};
