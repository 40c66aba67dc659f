/** What a validation answered in a test, and what that would have meant for a command. */
import { Box, Flex, Typography } from '@strapi/design-system';
import type { Verdict, VerdictKind } from '../../../server/contract/document';
import { VerdictBadge } from '../../domain/verdict-badge';
import { useVerdictReason } from '../../domain/verdict-reason';
import { useText } from '../../translations/use-text';
import { consequenceOf } from './consequence';

const COLOR: Record<VerdictKind, 'success' | 'danger' | 'warning'> = {
  allowed: 'success',
  refused: 'danger',
  noAnswer: 'warning',
  unreadable: 'warning',
};

const Lines = ({ title, lines }: { title: string; lines: string[] }) =>
  lines.length === 0 ? null : (
    <Box>
      <Typography tag="h3" variant="pi" fontWeight="bold">
        {title}
      </Typography>
      <Box tag="ul" paddingLeft={4} style={{ listStyle: 'disc' }}>
        {lines.map((line, at) => (
          <Typography key={at} tag="li" style={{ overflowWrap: 'anywhere' }}>
            {line}
          </Typography>
        ))}
      </Box>
    </Box>
  );

export const VerdictDetails = ({ verdict }: { verdict: Verdict }) => {
  const text = useText();
  const { kind, errors, warnings } = verdict;
  const reason = useVerdictReason()(verdict);
  return (
    <Flex
      direction="column"
      alignItems="stretch"
      gap={3}
      padding={4}
      hasRadius
      background={`${COLOR[kind]}100`}
      borderColor={`${COLOR[kind]}600`}
      color="neutral800"
    >
      <Flex gap={3} wrap="wrap">
        <VerdictBadge kind={kind} />
        <Typography fontWeight="bold">{text(`test.verdict.${consequenceOf(verdict)}`)}</Typography>
      </Flex>
      {reason && <Typography style={{ overflowWrap: 'anywhere' }}>{reason}</Typography>}
      <Lines
        title={text('test.fieldErrors')}
        lines={errors.map(({ path, message: said }) => (path ? `${path}: ${said}` : said))}
      />
      <Lines title={text('test.warnings')} lines={warnings} />
    </Flex>
  );
};
