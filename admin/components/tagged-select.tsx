/** A select of several whose choices are tags. Strapi leaves the button of each tag without a name, and lets it send the form. */
import * as React from 'react';
import { MultiSelect, type MultiSelectProps } from '@strapi/design-system';
import { useText } from '../translations/use-text';
import { hadFocus } from './focus';

const UNNAMED = 'button:not([aria-label])';

const useNamedTags = (select: HTMLElement | null) => {
  const text = useText();
  React.useEffect(() => {
    if (!select) return;
    const nameTags = () => {
      for (const button of select.querySelectorAll<HTMLElement>(UNNAMED)) {
        const name = button.previousElementSibling?.textContent ?? '';
        button.setAttribute('aria-label', text('common.deselect', { name }));
        button.setAttribute('type', 'button');
      }
    };
    const observer = new MutationObserver((records) => {
      const gone = records.flatMap(({ removedNodes }) => [...removedNodes]);
      if (gone.some(hadFocus)) select.focus();
      nameTags();
    });
    nameTags();
    observer.observe(select, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [select, text]);
};

export const TaggedSelect = (props: Omit<MultiSelectProps, 'withTags'>) => {
  const [select, setSelect] = React.useState<HTMLElement | null>(null);
  useNamedTags(select);
  return <MultiSelect {...props} ref={setSelect} withTags />;
};
