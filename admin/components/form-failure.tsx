/** Why a form could not be saved, where no single field is to blame. Stays until it is saved. */
import { Alert } from '@strapi/design-system';
import { useText } from '../translations/use-text';

type Props = {
  /** A sentence for people, mostly the server's own; null: nothing is shown. */
  message: string | null;
};

export const FormFailure = ({ message }: Props) => {
  const text = useText();
  if (message === null) return null;
  return (
    <Alert variant="danger" title={text('common.saveFailed')} closeLabel={text('common.close')}>
      {message}
    </Alert>
  );
};
