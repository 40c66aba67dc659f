/** The button that saves the form. */
import { Button } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { useText } from '../../translations/use-text';

type Props = { isSaving: boolean; isDisabled: boolean; onClick: () => void };

export const SaveButton = ({ isSaving, isDisabled, onClick }: Props) => {
  const text = useText();
  return (
    <Button startIcon={<Check />} loading={isSaving} disabled={isDisabled} onClick={onClick}>
      {text('common.save')}
    </Button>
  );
};
