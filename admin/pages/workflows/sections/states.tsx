/** The states of the workflow, in the order in which they are shown everywhere. */
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Labelled } from '../../../components/labelled';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import { StateChoice } from '../../webhooks/state-choice';
import { initialOf } from '../draft';
import { withNewState } from '../edits';
import { boxId } from '../place';
import { problemAt } from '../problems';
import { stateOptions } from '../state-options';
import { RemovalNotice } from '../removal-notice';
import { addId, type Removing } from '../use-removal';
import type { WorkflowForm } from '../use-workflow-form';
import { StateCard } from './state-card';

type Props = { form: WorkflowForm; removing: Removing };

const InitialField = ({ form }: Pick<Props, 'form'>) => {
  const text = useText();
  const { draft, isReadOnly } = form;
  return (
    <Box id={boxId('initialState')} maxWidth="36rem" tabIndex={-1}>
      <Labelled
        name="initialState"
        label={text('workflows.initial')}
        hint={text('workflows.initial.hint')}
        error={problemAt(form.problems, 'initialState')}
        isRequired
      >
        <StateChoice
          value={initialOf(draft)?.id ?? null}
          states={stateOptions(draft.states, text)}
          placeholder={text('workflows.chooseState')}
          isDisabled={isReadOnly}
          onChange={(initial) => form.edit('initialState', (before) => ({ ...before, initial }))}
        />
      </Labelled>
    </Box>
  );
};

export const StatesSection = ({ form, removing }: Props) => {
  const text = useText();
  const { states } = form.draft;
  // Problems of single states are shown on their cards.
  const problem = form.problems.states;
  return (
    <Box id={boxId('states')} tabIndex={-1}>
      <SectionBox title={text('workflows.states')} description={text('workflows.states.hint')}>
        {problem && (
          <Typography variant="pi" textColor="danger600">
            {problem}
          </Typography>
        )}
        {states.length > 0 && <InitialField form={form} />}
        <Flex tag="ol" direction="column" alignItems="stretch" gap={3} padding={0}>
          {states.map((state) => (
            <StateCard key={state.id} form={form} removing={removing} state={state} />
          ))}
        </Flex>
        <RemovalNotice form={form} removing={removing} part="states" />
        {!form.isReadOnly && (
          <Flex>
            <Button
              id={addId('states')}
              variant="secondary"
              startIcon={<Plus />}
              onClick={() => form.edit('states', withNewState)}
            >
              {text('workflows.addState')}
            </Button>
          </Flex>
        )}
      </SectionBox>
    </Box>
  );
};
