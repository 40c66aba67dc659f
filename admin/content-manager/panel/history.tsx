/** Who did what to the document, and when: the newest first, older ones on demand. */
import * as React from 'react';
import { Flex, TextButton, Typography } from '@strapi/design-system';
import type { HistoryEntry as Entry } from '../../../server/contract/document';
import { useText } from '../../translations/use-text';
import { HistoryEntry } from './history-entry';

const SHOWN_AT_FIRST = 5;

export const History = ({ entries }: { entries: Entry[] }) => {
  const text = useText();
  const [isWhole, setWhole] = React.useState(false);
  const titleId = React.useId();
  if (entries.length === 0) return null;
  const shown = isWhole ? entries : entries.slice(0, SHOWN_AT_FIRST);
  return (
    <Flex direction="column" alignItems="stretch" gap={3} paddingTop={2}>
      <Typography id={titleId} variant="sigma" textColor="neutral600" tag="h3">
        {text('document.history')}
      </Typography>
      <Flex tag="ol" aria-labelledby={titleId} direction="column" alignItems="stretch" gap={4}>
        {shown.map((entry, index) => (
          <HistoryEntry key={`${entry.at} ${entries.length - index}`} entry={entry} />
        ))}
      </Flex>
      {entries.length > shown.length && (
        <TextButton onClick={() => setWhole(true)}>
          {text('document.showAll', { count: entries.length })}
        </TextButton>
      )}
    </Flex>
  );
};
