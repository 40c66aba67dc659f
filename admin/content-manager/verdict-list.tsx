/** What each validation said: its name, its answer told by icon and word, its messages by field, its warnings. */
import { Box, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, Clock, CrossCircle, WarningCircle } from '@strapi/icons';
import type { FieldMessage, Verdict, VerdictKind } from '../../server/contract/document';
import { useVerdictReason } from '../domain/verdict-reason';
import { useText } from '../translations/use-text';
import { isBlocking } from '../domain/judged';

type Look = { Icon: typeof Clock; fill: string };

const LOOK: Record<VerdictKind, Look> = {
  allowed: { Icon: CheckCircle, fill: 'success600' },
  refused: { Icon: CrossCircle, fill: 'danger600' },
  noAnswer: { Icon: Clock, fill: 'warning600' },
  unreadable: { Icon: WarningCircle, fill: 'warning600' },
};
const ADVICE: Look = { Icon: WarningCircle, fill: 'warning600' };

/** A refusal that refuses nothing is advice. */
const lookOf = (verdict: Verdict): Look =>
  verdict.kind === 'refused' && !isBlocking(verdict) ? ADVICE : LOOK[verdict.kind];

const Line = ({ children }: { children: string }) => (
  <Typography variant="pi" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
    {children}
  </Typography>
);

const FieldLine = ({ path, message }: FieldMessage) => (
  <Box tag="li" style={{ overflowWrap: 'anywhere' }}>
    {path && (
      <Typography variant="pi" fontWeight="bold">
        {`${path}: `}
      </Typography>
    )}
    <Line>{message}</Line>
  </Box>
);

const WarningLine = ({ children }: { children: string }) => (
  <Flex tag="li" gap={1} alignItems="flex-start">
    <Flex shrink={0} paddingTop="0.2rem">
      <WarningCircle aria-hidden width="1.2rem" height="1.2rem" fill="warning600" />
    </Flex>
    <Line>{children}</Line>
  </Flex>
);

/** Says of an answer that would stop a command elsewhere that it does not stop this one. */
const useAnswerWord = () => {
  const text = useText();
  return (verdict: Verdict) =>
    verdict.kind === 'allowed' || isBlocking(verdict)
      ? text(`document.verdict.${verdict.kind}`)
      : text(`document.verdict.${verdict.kind}.passing`);
};

const VerdictItem = ({ verdict }: { verdict: Verdict }) => {
  const answerWord = useAnswerWord();
  const reason = useVerdictReason()(verdict);
  const { Icon, fill } = lookOf(verdict);
  return (
    <Flex tag="li" gap={2} alignItems="flex-start">
      <Flex shrink={0} paddingTop="0.1rem">
        <Icon aria-hidden width="1.6rem" height="1.6rem" fill={fill} />
      </Flex>
      <Flex direction="column" alignItems="stretch" gap={1} minWidth={0} flex="1">
        <Typography variant="pi" fontWeight="bold" style={{ overflowWrap: 'anywhere' }}>
          {verdict.webhook.name}
        </Typography>
        <Typography variant="pi" textColor="neutral600">
          {answerWord(verdict)}
        </Typography>
        {reason !== '' && <Line>{reason}</Line>}
        {verdict.errors.length > 0 && (
          <Flex tag="ul" direction="column" alignItems="stretch" gap={1} paddingLeft={2}>
            {verdict.errors.map((error, index) => (
              <FieldLine key={index} {...error} />
            ))}
          </Flex>
        )}
        {verdict.warnings.length > 0 && (
          <Flex tag="ul" direction="column" alignItems="stretch" gap={1}>
            {verdict.warnings.map((warning, index) => (
              <WarningLine key={index}>{warning}</WarningLine>
            ))}
          </Flex>
        )}
      </Flex>
    </Flex>
  );
};

type Props = {
  /** Says whose answers these are, for screen readers. */
  label: string;
  verdicts: Verdict[];
};

export const VerdictList = ({ label, verdicts }: Props) => (
  <Flex tag="ul" aria-label={label} direction="column" alignItems="stretch" gap={3}>
    {verdicts.map((verdict) => (
      <VerdictItem key={verdict.webhook.id} verdict={verdict} />
    ))}
  </Flex>
);
