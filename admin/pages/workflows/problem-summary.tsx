/** After an attempt to save: everything that stands in its way, each with the way to where it can be mended. */
import { Box, Flex, TextButton, Typography } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';
import { useText } from '../../translations/use-text';
import { goToPlace, placeName, placeOrder } from './place';
import { SUMMARY_ID } from './use-save';
import type { WorkflowForm } from './use-workflow-form';

type Props = { form: WorkflowForm; failure: string | null };

const Problem = ({
  form,
  path,
  message,
}: {
  form: WorkflowForm;
  path: string;
  message: string;
}) => {
  const text = useText();
  const place = placeName(form.draft, path, text);
  return (
    <Flex tag="li" gap={1} alignItems="baseline" wrap="wrap">
      {place && (
        <TextButton onClick={() => goToPlace(path)}>
          <Typography variant="pi" textColor="danger700" textDecoration="underline">
            {place}
          </Typography>
        </TextButton>
      )}
      <Typography variant="pi" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Typography>
    </Flex>
  );
};

export const ProblemSummary = ({ form, failure }: Props) => {
  const text = useText();
  const order = ([path]: [string, string]) => placeOrder(form.draft, path);
  const problems = form.isAttempted
    ? Object.entries(form.problems).sort((one, other) => order(one) - order(other))
    : [];
  if (problems.length === 0 && failure === null) return null;
  return (
    <Flex
      id={SUMMARY_ID}
      role="alert"
      tabIndex={-1}
      background="danger100"
      borderColor="danger200"
      hasRadius
      gap={3}
      padding={4}
      alignItems="flex-start"
    >
      <Box shrink={0}>
        <WarningCircle aria-hidden fill="danger600" />
      </Box>
      <Flex direction="column" alignItems="flex-start" gap={2} minWidth={0}>
        <Typography fontWeight="bold" textColor="neutral800">
          {problems.length > 0
            ? text('workflows.problems', { count: problems.length })
            : text('common.saveFailed')}
        </Typography>
        {failure !== null && <Typography textColor="neutral800">{failure}</Typography>}
        {problems.length > 0 && (
          <Flex tag="ul" direction="column" alignItems="flex-start" gap={1} padding={0}>
            {problems.map(([path, message]) => (
              <Problem key={path} form={form} path={path} message={message} />
            ))}
          </Flex>
        )}
      </Flex>
    </Flex>
  );
};
