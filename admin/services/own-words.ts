/** What the server says, in the language of the panel: its own sentences. A receiver's words stay as they are. */
import * as React from 'react';
import { sentencesIn, sentencesInside, type FoundSentence } from '../../server/contract/sentences';
import { UNREADABLE_CODES } from '../../server/contract/document';
import { isTextKey, useText, type Text, type TextKey } from '../translations/use-text';

const VERDICT_CODES: readonly string[] = [...UNREADABLE_CODES, 'answer-expected'];

export const keyOfSentence = (code: string): TextKey | null => {
  const key = VERDICT_CODES.includes(code) ? `verdict.${code}` : `reason.${code}`;
  return isTextKey(key) ? key : null;
};

const inside = (why: string, text: Text): string => {
  const said = sentencesInside(why);
  return said ? worded(said, text).replace(/\.$/, '') : why;
};

const worded = (said: readonly FoundSentence[], text: Text): string =>
  said
    .map(({ code, params, detail }) => {
      const key = keyOfSentence(code);
      const values =
        params.why === undefined ? params : { ...params, why: inside(params.why, text) };
      return `${key ? text(key, values) : ''}${detail === null ? '' : ` (${detail})`}`;
    })
    .join(' ');

/** A text of several lines is said line by line. */
export const inOwnWords = (told: string, text: Text): string =>
  told
    .split('\n')
    .map((line) => {
      const said = sentencesIn(line);
      return said ? worded(said, text) : line;
    })
    .join('\n');

export const useOwnWords = () => {
  const text = useText();
  return React.useCallback((told: string) => inOwnWords(told, text), [text]);
};
