/** A text of one entry a line, and the list that it stands for. */
import type { FieldProblems } from '../services/problem';

/** What a text holds, without the lines that are empty. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const textOf = (lines: readonly string[]) => lines.join('\n');

/** The messages at `<name>` and at `<name>.<place>`, these with the entry that they speak of. */
export const lineProblems = (name: string, text: string, problems: FieldProblems) => {
  const lines = linesOf(text);
  const messages = lines.flatMap((line, at) => {
    const message = problems[`${name}.${at}`];
    return message ? [`“${line}”: ${message}`] : [];
  });
  return [...(problems[name] ? [problems[name]] : []), ...messages].join(' ') || undefined;
};
