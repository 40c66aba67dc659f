/** Removing what documents or webhooks hang on: what is at stake, where it goes, and taking it back. */
import type { WorkflowUsage } from '../../../server/contract/workflow';
import type { CommandRow, Draft, Part, Removal, StateRow } from './draft';

export type UsingWebhook = WorkflowUsage['webhooks'][number];

/** What hangs on a row: its own documents (per locale) and webhooks, and those that were to move to it. */
export type Stake = { documents: number; webhooks: UsingWebhook[] };

export type Leaving = { uid: string; documents: number };

export type Place = { part: Part; id: string };

export const NO_USAGE: WorkflowUsage = { documents: {}, contentTypes: {}, webhooks: [] };

const documentsIn = (usage: WorkflowUsage, part: Part, key: string) =>
  part === 'states' && Object.hasOwn(usage.documents, key) ? (usage.documents[key] ?? 0) : 0;

const isOn = (webhook: UsingWebhook, part: Part, key: string) =>
  (part === 'states' ? webhook.state : webhook.command) === key;

/** Of a row by itself, for instance to show on its card. */
export const usageOf = (usage: WorkflowUsage, part: Part, key: string | null): Stake =>
  key === null
    ? { documents: 0, webhooks: [] }
    : {
        documents: documentsIn(usage, part, key),
        webhooks: usage.webhooks.filter((webhook) => isOn(webhook, part, key)),
      };

const sum = (stakes: readonly Stake[]): Stake => ({
  documents: stakes.reduce((total, { documents }) => total + documents, 0),
  webhooks: stakes.flatMap(({ webhooks }) => webhooks),
});

const rowAt = (draft: Draft, { part, id }: Place): StateRow | CommandRow | undefined =>
  draft[part].find((row) => row.id === id);

const moving = (draft: Draft, { part, id }: Place): Removal[] =>
  draft.removals.filter((removal) => removal.part === part && removal.target === id);

/** What needs another place before this row can go. */
export const stakeOf = (draft: Draft, place: Place, usage: WorkflowUsage): Stake => {
  const { part } = place;
  const row = rowAt(draft, place) ?? removalOf(draft, place)?.row;
  const keys = [row?.savedKey ?? null, ...moving(draft, place).map((one) => one.row.savedKey)];
  return sum(keys.map((key) => usageOf(usage, part, key)));
};

export const isInUse = ({ documents, webhooks }: Stake) => documents > 0 || webhooks.length > 0;

export const removalOf = (draft: Draft, { part, id }: Place): Removal | undefined =>
  draft.removals.find((removal) => removal.part === part && removal.row.id === id);

const without = (draft: Draft, { part, id }: Place): Draft =>
  part === 'states'
    ? { ...draft, states: draft.states.filter((row) => row.id !== id) }
    : { ...draft, commands: draft.commands.filter((row) => row.id !== id) };

const removalFor = (draft: Draft, place: Place, target: string | null): Removal[] => {
  const row = rowAt(draft, place);
  if (!row || row.savedKey === null) return [];
  const ids = [...draft[place.part]].map(({ id }) => id);
  return [{ part: place.part, row, below: ids.slice(ids.indexOf(place.id) + 1), target }];
};

/** Takes the row out; what was to move to it goes where its own goes. A row that was never stored leaves no trace. */
export const withRemoved = (draft: Draft, place: Place, target: string | null): Draft => {
  const pending = moving(draft, place);
  const removals = draft.removals.map((one) => (pending.includes(one) ? { ...one, target } : one));
  return {
    ...without(draft, place),
    removals: [...removals, ...removalFor(draft, place, target)],
  };
};

/** Sends what hangs on a removed row elsewhere. */
export const withTarget = (draft: Draft, place: Place, target: string): Draft => {
  const chosen = removalOf(draft, place);
  const removals = draft.removals.map((one) => (one === chosen ? { ...one, target } : one));
  return { ...draft, removals };
};

/** Above the first of those that stood below it. A place by number would be wrong once others have gone or come. */
const inserted = <Row extends { id: string }>(
  rows: readonly Row[],
  row: Row,
  below: readonly string[],
): Row[] => {
  const next = rows.findIndex(({ id }) => below.includes(id));
  const at = next < 0 ? rows.length : next;
  return [...rows.slice(0, at), row, ...rows.slice(at)];
};

/** Brings a removed row back to where it stood, with the commands that led to it and from it. */
export const withUndone = (draft: Draft, place: Place): Draft => {
  const removal = removalOf(draft, place);
  if (!removal) return draft;
  const rest = { ...draft, removals: draft.removals.filter((one) => one !== removal) };
  return place.part === 'states'
    ? { ...rest, states: inserted(rest.states, removal.row as StateRow, removal.below) }
    : { ...rest, commands: inserted(rest.commands, removal.row as CommandRow, removal.below) };
};

/** Content types that the draft leaves out, with how many of their documents have states now. */
export const leavingTypes = ({ contentTypes }: Draft, usage: WorkflowUsage): Leaving[] =>
  Object.entries(usage.contentTypes)
    .filter(([uid]) => !contentTypes.includes(uid))
    .map(([uid, documents]) => ({ uid, documents }));

/** Removals that documents or webhooks hang on, and that say not where these go: others may have come since. */
export const unplaced = ({ removals }: Draft, usage: WorkflowUsage): Removal[] =>
  removals.filter(
    ({ part, row, target }) => target === null && isInUse(usageOf(usage, part, row.savedKey)),
  );
