/** What the workflow is called, and which content types have it. */
import { Box, Grid, MultiSelectOption } from '@strapi/design-system';
import { Labelled } from '../../../components/labelled';
import { PlainInput } from '../../../components/plain-input';
import { SectionBox } from '../../../components/section-box';
import { TaggedSelect } from '../../../components/tagged-select';
import { useText } from '../../../translations/use-text';
import { boxId } from '../place';
import { problemAt } from '../problems';
import type { TypeChoice } from '../type-choices';
import type { WorkflowForm } from '../use-workflow-form';

type Props = { form: WorkflowForm; types: TypeChoice[] };

const NameField = ({ form }: Pick<Props, 'form'>) => {
  const text = useText();
  return (
    <Labelled
      name="name"
      label={text('workflows.name')}
      error={problemAt(form.problems, 'name')}
      isRequired
    >
      <PlainInput
        value={form.draft.name}
        disabled={form.isReadOnly}
        onChange={(name) => form.edit('name', (draft) => ({ ...draft, name }))}
        onBlur={() => form.touch('name')}
      />
    </Labelled>
  );
};

/** What is chosen but no longer there stays visible, or it could never be taken away. */
const withGone = (types: TypeChoice[], chosen: string[]): TypeChoice[] => [
  ...types,
  ...chosen
    .filter((uid) => !types.some(({ value }) => value === uid))
    .map((uid) => ({ value: uid, label: uid, takenBy: null, isUnpublishable: false })),
];

const useTypeLabel = () => {
  const text = useText();
  return ({ label, takenBy, isUnpublishable }: TypeChoice) => {
    if (takenBy !== null) {
      return text('workflows.contentTypes.taken', { type: label, workflow: takenBy });
    }
    return isUnpublishable ? text('workflows.contentTypes.unpublishable', { type: label }) : label;
  };
};

const TypesField = ({ form, types }: Props) => {
  const text = useText();
  const labelOf = useTypeLabel();
  const { contentTypes: chosen, states } = form.draft;
  const publishes = states.some(({ onEnter }) => onEnter !== null);
  const isBarred = ({ value, takenBy, isUnpublishable }: TypeChoice) =>
    takenBy !== null || (isUnpublishable && publishes && !chosen.includes(value));
  const choose = (contentTypes: string[]) => {
    form.edit('contentTypes', (draft) => ({ ...draft, contentTypes }));
    form.touch('contentTypes');
  };
  return (
    <Labelled
      name="contentTypes"
      label={text('workflows.contentTypes')}
      hint={text('workflows.contentTypes.hint')}
      error={problemAt(form.problems, 'contentTypes')}
    >
      <TaggedSelect
        value={chosen}
        placeholder={text('workflows.contentTypes.none')}
        clearLabel={text('workflows.contentTypes.clear')}
        disabled={form.isReadOnly}
        onChange={choose}
        onClear={() => choose([])}
      >
        {withGone(types, chosen).map((type) => (
          <MultiSelectOption key={type.value} value={type.value} disabled={isBarred(type)}>
            {labelOf(type)}
          </MultiSelectOption>
        ))}
      </TaggedSelect>
    </Labelled>
  );
};

export const GeneralSection = ({ form, types }: Props) => {
  const text = useText();
  return (
    <SectionBox title={text('general.title')}>
      <Grid.Root gap={4}>
        <Grid.Item col={6} s={12} alignItems="flex-start">
          <Box id={boxId('name')} width="100%" tabIndex={-1}>
            <NameField form={form} />
          </Box>
        </Grid.Item>
        <Grid.Item col={6} s={12} alignItems="flex-start">
          <Box id={boxId('contentTypes')} width="100%" tabIndex={-1}>
            <TypesField form={form} types={types} />
          </Box>
        </Grid.Item>
      </Grid.Root>
    </SectionBox>
  );
};
