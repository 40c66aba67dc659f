/** The button that submits the form, from the page's header: so Enter in a field saves too. */
import { Button } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { useText } from '../../translations/use-text';

/** Ties the button to the form, which it stands outside of. */
export const FORM_ID = 'workflow-webhooks-webhook';

type Props = { isSaving: boolean; isDisabled: boolean };

export const SaveButton = ({ isSaving, isDisabled }: Props) => {
  const text = useText();
  return (
    <Button
      type="submit"
      form={FORM_ID}
      startIcon={<Check />}
      loading={isSaving}
      disabled={isDisabled}
    >
      {text('common.save')}
    </Button>
  );
};
