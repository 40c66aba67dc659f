/** The diagram in its box, which stays in view while the form below it is edited, unless one would rather not. */
import * as React from 'react';
import { Checkbox } from '@strapi/design-system';
import { styled } from 'styled-components';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import type { Draft } from '../draft';
import { Diagram } from './diagram';
import { useStickyTop } from './use-sticky-top';

/**
 * Small windows have no room to spare for it.
 * What the keyboard comes to further down is scrolled clear of the diagram, not under it.
 */
const Place = styled.div<{ $isPinned: boolean; $top: number }>`
  border-bottom: 1px solid ${({ theme }) => theme.colors.neutral200};
  @media (min-width: 1080px) and (min-height: 720px) {
    position: ${({ $isPinned }) => ($isPinned ? 'sticky' : 'static')};
    top: ${({ $top }) => `${$top}px`};
    z-index: 2;

    & ~ * :is(input, button, li, [role='combobox']) {
      scroll-margin-top: ${({ $isPinned }) => ($isPinned ? '42rem' : '8rem')};
    }
  }
`;

export const DiagramSection = ({ draft }: { draft: Draft }) => {
  const text = useText();
  const [isPinned, setPinned] = React.useState(true);
  const place = React.useRef<HTMLDivElement>(null);
  const top = useStickyTop(place);
  return (
    <Place ref={place} $isPinned={isPinned} $top={top}>
      <SectionBox
        title={text('workflows.diagram')}
        description={text('workflows.diagram.hint')}
        action={
          <Checkbox checked={isPinned} onCheckedChange={(checked) => setPinned(checked === true)}>
            {text('workflows.diagram.keep')}
          </Checkbox>
        }
      >
        <Diagram draft={draft} />
      </SectionBox>
    </Place>
  );
};
