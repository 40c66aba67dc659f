/** That something is under way: endpoints may take as long as they are given. */
import { Flex, Loader, Typography } from '@strapi/design-system';
import { useText } from '../../translations/use-text';
import type { Step } from './use-command';

type Props = { step: Step | null; isValidated: boolean };

export const Progress = ({ step, isValidated }: Props) => {
  const text = useText();
  const isAsking = isValidated && step?.kind !== 'bypass';
  return step ? (
    <Flex role="status" gap={2}>
      <Loader small>{text('common.loading')}</Loader>
      <Typography variant="pi" textColor="neutral600">
        {isAsking ? text('document.asking') : text('document.running', { name: step.name })}
      </Typography>
    </Flex>
  ) : null;
};
