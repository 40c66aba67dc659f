/** The commands of the workflow, in the order in which editors see their buttons. */
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import type { RoleChoice } from '../../../../server/contract/workflow';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import { withNewCommand } from '../edits';
import { boxId } from '../place';
import { RemovalNotice } from '../removal-notice';
import { addId, type Removing } from '../use-removal';
import type { WorkflowForm } from '../use-workflow-form';
import { CommandCard } from './command-card';

type Props = { form: WorkflowForm; removing: Removing; roles: RoleChoice[] };

export const CommandsSection = ({ form, removing, roles }: Props) => {
  const text = useText();
  const { commands } = form.draft;
  const problem = form.problems.commands;
  return (
    <Box id={boxId('commands')} tabIndex={-1}>
      <SectionBox title={text('workflows.commands')} description={text('workflows.commands.hint')}>
        {problem && (
          <Typography variant="pi" textColor="danger600">
            {problem}
          </Typography>
        )}
        {commands.length === 0 && (
          <Typography textColor="neutral600">{text('workflows.commands.empty')}</Typography>
        )}
        <Flex tag="ol" direction="column" alignItems="stretch" gap={3} padding={0}>
          {commands.map((command) => (
            <CommandCard
              key={command.id}
              form={form}
              removing={removing}
              command={command}
              roles={roles}
            />
          ))}
        </Flex>
        <RemovalNotice form={form} removing={removing} part="commands" />
        {!form.isReadOnly && (
          <Flex>
            <Button
              id={addId('commands')}
              variant="secondary"
              startIcon={<Plus />}
              onClick={() => form.edit('commands', withNewCommand)}
            >
              {text('workflows.addCommand')}
            </Button>
          </Flex>
        )}
      </SectionBox>
    </Box>
  );
};
