/** What ticking a box of the event picker makes of the patterns. */
import type { CatalogueEntry } from '../../../server/contract/catalogue';

export type EventFamily = { pattern: string; prefix: string; entries: CatalogueEntry[] };
export type Tick = boolean | 'indeterminate';

/** The catalogue by prefix, in its own order: `entry.*` is the pattern of everything that starts with `entry.`. */
export const familiesOf = (catalogue: readonly CatalogueEntry[]): EventFamily[] => {
  const families = new Map<string, EventFamily>();
  for (const entry of catalogue) {
    const prefix = entry.name.slice(0, entry.name.indexOf('.'));
    const family = families.get(prefix) ?? { pattern: `${prefix}.*`, prefix, entries: [] };
    family.entries.push(entry);
    families.set(prefix, family);
  }
  return [...families.values()];
};

const isOf = ({ prefix }: EventFamily, event: string) => event.startsWith(`${prefix}.`);

export const isAll = (events: readonly string[]) => events.includes('*');

export const isTicked = (family: EventFamily, name: string, events: readonly string[]) =>
  isAll(events) || events.includes(family.pattern) || events.includes(name);

export const familyTick = (family: EventFamily, events: readonly string[]): Tick => {
  if (isAll(events) || events.includes(family.pattern)) return true;
  return events.some((event) => isOf(family, event)) ? 'indeterminate' : false;
};

export const allTick = (events: readonly string[]): Tick =>
  isAll(events) ? true : events.length > 0 ? 'indeterminate' : false;

/** `*` also takes what later versions add, so it is a choice of its own and takes the place of the others. */
export const withAll = (isOn: boolean): string[] => (isOn ? ['*'] : []);

/** Before one box of many is cleared, `*` is spelled out as the patterns that it stands for. */
const spelledOut = (events: readonly string[], families: readonly EventFamily[]) =>
  isAll(events) ? families.map(({ pattern }) => pattern) : events;

export const withFamily = (
  family: EventFamily,
  isOn: boolean,
  { events, families }: { events: readonly string[]; families: readonly EventFamily[] },
): string[] => {
  const others = spelledOut(events, families).filter((event) => !isOf(family, event));
  return isOn ? [...others, family.pattern] : others;
};

type Choice = {
  family: EventFamily;
  name: string;
  isOn: boolean;
  events: readonly string[];
  families: readonly EventFamily[];
};

/** Clearing one event of a whole family leaves the others of it, one by one. */
export const withEvent = ({ family, name, isOn, events, families }: Choice): string[] => {
  const plain = spelledOut(events, families).flatMap((event) =>
    event === family.pattern ? family.entries.map((entry) => entry.name) : [event],
  );
  const others = plain.filter((event) => event !== name);
  return isOn ? [...others, name] : others;
};
