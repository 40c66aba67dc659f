/** The filter builder: without a filter everything matches that the events and the scope let through. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import { Filter as FilterIcon, Trash } from '@strapi/icons';
import type { ContentTypeInfo } from '../../../../server/contract/content-type';
import { SectionBox } from '../../../components/section-box';
import { useAfterRender } from '../../../forms/use-after-render';
import { useText } from '../../../translations/use-text';
import { FilterGroup } from '../filter/filter-group';
import { blankGroup, type GroupNode } from '../filter/tree';
import { typesInScope } from '../filter/fields';
import type { WebhookForm } from '../use-webhook-form';

type Props = { form: WebhookForm; contentTypes: ContentTypeInfo[] };

export const FilterSection = ({ form, contentTypes }: Props) => {
  const text = useText();
  const { filter } = form.draft;
  const afterRender = useAfterRender();
  const add = React.useRef<HTMLButtonElement>(null);
  const change = (next: GroupNode | null) => {
    form.set({ filter: next });
    if (next === null) afterRender(() => add.current?.focus());
  };
  return (
    <SectionBox
      title={text('filter.title')}
      description={text(
        form.draft.kind === 'validation' ? 'filter.description.validation' : 'filter.description',
      )}
      action={
        filter && (
          <Button
            variant="tertiary"
            startIcon={<Trash />}
            disabled={form.isReadOnly}
            onClick={() => change(null)}
          >
            {text('filter.removeAll')}
          </Button>
        )
      }
    >
      {filter ? (
        <FilterGroup
          group={filter}
          path="filter"
          depth={1}
          types={typesInScope(contentTypes, form.draft.contentTypes)}
          problems={form.problems}
          isReadOnly={form.isReadOnly}
          onChange={change}
        />
      ) : (
        <Flex>
          <Button
            ref={add}
            variant="tertiary"
            startIcon={<FilterIcon />}
            disabled={form.isReadOnly}
            onClick={() => form.set({ filter: blankGroup() })}
          >
            {text('filter.add')}
          </Button>
        </Flex>
      )}
      {form.problems.filter && (
        <Typography variant="pi" textColor="danger600" role="alert">
          {form.problems.filter}
        </Typography>
      )}
    </SectionBox>
  );
};
