/** Why a form could not be saved, where no single field is to blame. Stays until it is saved. */
import { useText } from '../translations/use-text';
import { Message } from '../components/message';

type Props = {
  /** A sentence for people, mostly the server's own; null: nothing is shown. */
  message: string | null;
};

export const FormFailure = ({ message }: Props) => {
  const text = useText();
  return message === null ? null : (
    <Message variant="danger" title={text('common.saveFailed')}>
      {message}
    </Message>
  );
};
