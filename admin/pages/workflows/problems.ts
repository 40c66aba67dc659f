/** What is wrong with a draft, by paths that hold the ids of rows: those stay right when rows move. */
import { graphProblems } from '../../../server/contract/workflow-graph';
import { workflowInputSchema } from '../../../server/contract/workflow';
import { inWords } from '../../../server/contract/api';
import { dotted, fieldProblems, type FieldProblems } from '../../services/problem';
import { graphOf, inputOf, type Draft, type Part } from './draft';

const isPart = (text: string | undefined): text is Part => text === 'states' || text === 'commands';

/** `states.1.key`, as schema and server say it, is `states.<id of the second row>.key`. */
export const rowPath = (draft: Draft, path: string): string => {
  const [part, index, ...rest] = path.split('.');
  if (!isPart(part) || index === undefined) return path;
  const row = draft[part][Number(index)];
  return row ? [part, row.id, ...rest].join('.') : path;
};

/** What the server said of what was sent, on the rows that it was sent of. */
export const rowProblems = (sent: Draft, fields: FieldProblems): FieldProblems =>
  Object.fromEntries(
    Object.entries(fields).map(([path, message]) => [rowPath(sent, path), message]),
  );

type Found = { path: string; message: string };

/** The server would take a new row under a removed one's key for the old one, and move nothing. */
const removedKeys = (draft: Draft, removedKey: string): Found[] =>
  draft.removals.flatMap(({ part, row: gone }) =>
    [...draft[part]]
      .filter(({ key }) => key.toLowerCase() === gone.key.toLowerCase())
      .map(({ id }) => ({ path: `${part}.${id}.key`, message: removedKey })),
  );

const said = (draft: Draft): Found[] =>
  // The graph's own sentences first: of what is not chosen yet, the schema says that it is no key.
  [
    ...graphProblems(graphOf(draft)),
    ...(workflowInputSchema.safeParse(inputOf(draft), { error: inWords }).error?.issues ?? []),
  ].map(({ path, message }) => ({ path: rowPath(draft, dotted(path)), message }));

/** `removedKey` is what to say of a new row under the key of a removed one, which only the form can know. */
export const problemsIn = (draft: Draft, removedKey: string): FieldProblems =>
  fieldProblems([...removedKeys(draft, removedKey), ...said(draft)]);

const isAtOrBelow = (path: string, place: string) => path === place || path.startsWith(`${place}.`);

/** The message of a field, or of something in it: `commands.x.from` also has that of `commands.x.from.0`. */
export const problemAt = (problems: FieldProblems, place: string): string | undefined =>
  Object.entries(problems).find(([path]) => isAtOrBelow(path, place))?.[1];

export const without = (problems: FieldProblems, place: string): FieldProblems =>
  Object.fromEntries(Object.entries(problems).filter(([path]) => !isAtOrBelow(path, place)));

/** What is known of a row, but belongs to none of its fields: that it cannot be reached, for instance. */
export const rowProblem = (
  problems: FieldProblems,
  row: string,
  fields: readonly string[],
): string | undefined =>
  Object.entries(problems).find(
    ([path]) =>
      isAtOrBelow(path, row) && !fields.some((field) => isAtOrBelow(path, `${row}.${field}`)),
  )?.[1];

/**
 * What is shown before anybody tried to save: of fields that were touched. That a state cannot be reached is
 * no field's, and waits for the attempt: until its command is made, that is no mistake. The diagram marks it.
 */
export const touchedProblems = (
  problems: FieldProblems,
  touched: ReadonlySet<string>,
): FieldProblems => {
  const places = [...touched];
  const isTouched = (path: string) => places.some((place) => isAtOrBelow(path, place));
  return Object.fromEntries(Object.entries(problems).filter(([path]) => isTouched(path)));
};
