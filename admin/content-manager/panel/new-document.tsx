/** The panel of a document that was never saved, and so is in no state yet. */
import { Typography } from '@strapi/design-system';
import { useText } from '../../translations/use-text';

export const NewDocument = ({ workflow }: { workflow: string }) => {
  const text = useText();
  return (
    <Typography variant="pi" textColor="neutral600">
      {text('document.notSaved', { workflow })}
    </Typography>
  );
};
