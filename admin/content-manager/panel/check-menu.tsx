/** Asks what the validations would say of a command, without running it. */
import type { CommandAnswer } from '../../../server/contract/document';
import { Button, Menu } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { useText } from '../../translations/use-text';

type Props = {
  commands: CommandAnswer[];
  isDisabled: boolean;
  onCheck: (command: CommandAnswer) => void;
};

export const CheckMenu = ({ commands, isDisabled, onCheck }: Props) => {
  const text = useText();
  const [first, ...others] = commands;
  if (!first) return null;
  return others.length === 0 ? (
    <Button
      fullWidth
      variant="tertiary"
      startIcon={<Check />}
      title={text('document.checkHint')}
      disabled={isDisabled}
      onClick={() => onCheck(first)}
    >
      {text('document.check')}
    </Button>
  ) : (
    <Menu.Root>
      <Menu.Trigger
        fullWidth
        variant="tertiary"
        startIcon={<Check />}
        title={text('document.checkHint')}
        disabled={isDisabled}
      >
        {text('document.check')}
      </Menu.Trigger>
      <Menu.Content popoverPlacement="bottom-end">
        {commands.map((command) => (
          <Menu.Item key={command.key} onSelect={() => onCheck(command)}>
            {text('document.checkOf', { command: command.name })}
          </Menu.Item>
        ))}
      </Menu.Content>
    </Menu.Root>
  );
};
