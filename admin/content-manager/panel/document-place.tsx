/** Where a document stands: its state, the commands on it, what became of the last one, and its history. */
import { Box, Flex, Typography } from '@strapi/design-system';
import { useForm } from '@strapi/strapi/admin';
import type { DocumentWorkflow } from '../../../server/contract/document';
import { useText } from '../../translations/use-text';
import type { Place } from '../../services/documents';
import { isPublication } from '../../services/own-states';
import { StateBadge } from '../../domain/state-badge';
import { Bypass } from './bypass';
import { CheckMenu } from './check-menu';
import { CommandButtons } from './command-buttons';
import { EndedStep } from './ended-step';
import { History } from './history';
import { Progress } from './progress';
import { useCommands } from './use-command';

type Props = { place: Place; document: DocumentWorkflow };

const Hint = ({ children }: { children: string }) => (
  <Typography variant="pi" textColor="neutral600">
    {children}
  </Typography>
);

const Busy = ({ document: { busy, commands } }: Pick<Props, 'document'>) => {
  const text = useText();
  if (!busy) return null;
  const command = commands.find(({ key }) => key === busy.command)?.name ?? busy.command;
  return (
    <Box role="status">
      <Hint>
        {busy.by === null
          ? text('document.busy', { command })
          : text('document.busyBy', { command, name: busy.by })}
      </Hint>
    </Box>
  );
};

export const DocumentPlace = ({ place, document }: Props) => {
  const text = useText();
  const state = document.state?.key ?? null;
  const commands = useCommands(place, state);
  const ended = commands.ended?.state === state ? commands.ended : null;
  const isModified = useForm('WorkflowPanel', (form) => form.modified);
  const isDisabled = isModified || commands.running !== null || document.busy !== null;
  const ofStrapi = isPublication(document);
  const hasCommands = document.commands.length > 0;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Flex justifyContent="space-between" alignItems="center" gap={2} minHeight="3.2rem">
        <Box minWidth={0}>{document.state && <StateBadge state={document.state} />}</Box>
        <Bypass
          isOffered={document.mayBypass && document.state?.final === false}
          isDisabled={isDisabled}
          onConfirm={commands.bypass}
        />
      </Flex>
      <Busy document={document} />
      {!ofStrapi && (
        <CommandButtons document={document} commands={commands} isDisabled={isDisabled} />
      )}
      {!ofStrapi && !hasCommands && <Hint>{text('document.noCommand')}</Hint>}
      {isModified && hasCommands && <Hint>{text('document.unsaved')}</Hint>}
      {document.isValidated && (
        <CheckMenu commands={document.commands} isDisabled={isDisabled} onCheck={commands.check} />
      )}
      <Progress step={commands.running} isValidated={document.isValidated} />
      {ended && <EndedStep ended={ended} onClose={commands.close} />}
      <History entries={document.history} />
    </Flex>
  );
};
