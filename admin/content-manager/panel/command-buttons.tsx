/** The commands that this user may run now, each with the state that it leads to. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import type {
  CommandAnswer,
  DocumentWorkflow,
  StateAnswer,
} from '../../../server/contract/document';
import { useText } from '../../translations/use-text';
import { StateDot } from '../../domain/state-badge';
import { CommandDialog } from './command-dialog';
import type { Commands } from './use-command';

/** A long name wraps; Strapi's buttons have the height of one line. */
const TALL_ENOUGH = {
  height: 'auto',
  minHeight: '3.2rem',
  paddingTop: '0.4rem',
  paddingBottom: '0.4rem',
};

type ButtonProps = {
  command: CommandAnswer;
  target: StateAnswer | undefined;
  isRunning: boolean;
  isDisabled: boolean;
  onClick: () => void;
};

const CommandButton = ({ command, target, isRunning, isDisabled, onClick }: ButtonProps) => {
  const text = useText();
  const hintId = React.useId();
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      <Button
        fullWidth
        variant="secondary"
        aria-describedby={hintId}
        style={TALL_ENOUGH}
        loading={isRunning}
        disabled={isDisabled}
        onClick={onClick}
      >
        {command.name}
      </Button>
      <Flex gap={1} justifyContent="center">
        {target && <StateDot color={target.color} />}
        <Typography id={hintId} variant="pi" textColor="neutral600" ellipsis>
          {text('document.commandTo', { state: target?.name ?? command.to })}
        </Typography>
      </Flex>
    </Flex>
  );
};

type Props = { document: DocumentWorkflow; commands: Commands; isDisabled: boolean };

export const CommandButtons = ({ document, commands, isDisabled }: Props) => {
  const [asked, setAsked] = React.useState<CommandAnswer | null>(null);
  /** By command: after a refusal nobody types a comment twice. */
  const [comments, setComments] = React.useState<Record<string, string>>({});
  const { running, run } = commands;
  const targetOf = ({ to }: CommandAnswer) => document.states.find(({ key }) => key === to);
  const onClick = (command: CommandAnswer) =>
    command.comment === 'none' ? run(command, null) : setAsked(command);
  const submit = (command: CommandAnswer, comment: string) => {
    setComments((before) => ({ ...before, [command.key]: comment }));
    setAsked(null);
    run(command, comment || null);
  };
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      {document.commands.map((command) => (
        <CommandButton
          key={command.key}
          command={command}
          target={targetOf(command)}
          isRunning={running?.kind === 'run' && running.key === command.key}
          isDisabled={isDisabled}
          onClick={() => onClick(command)}
        />
      ))}
      {asked && (
        <CommandDialog
          command={asked}
          from={document.state?.name ?? ''}
          to={targetOf(asked)?.name ?? asked.to}
          comment={comments[asked.key] ?? ''}
          onSubmit={(comment) => submit(asked, comment)}
          onClose={() => setAsked(null)}
        />
      )}
    </Flex>
  );
};
