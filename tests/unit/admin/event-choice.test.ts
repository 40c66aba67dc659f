/** Ticking boxes makes the patterns that a reader would expect. */
import {
  allTick,
  familiesOf,
  familyTick,
  isTicked,
  withAll,
  withEvent,
  withFamily,
  type EventFamily,
} from '../../../admin/pages/webhooks/event-choice';
import { EVENT_CATALOGUE, EVENT_NAMES, isEventPattern } from '../../../server/contract/catalogue';
import { isSubscribed } from '../../../server/match/matching';

const families = familiesOf(EVENT_CATALOGUE);
const family = (prefix: string) => families.find((one) => one.prefix === prefix) as EventFamily;
const sent = (events: string[]) => EVENT_NAMES.filter((name) => isSubscribed(events, name));

describe('The event picker', () => {
  test('shows every event of the catalogue once, in families of one prefix', () => {
    expect(families.map(({ pattern }) => pattern)).toEqual([
      'entry.*',
      'screen.*',
      'media.*',
      'workflow.*',
      'schedule.*',
      'release.*',
      'replication.*',
      'content-type.*',
      'component.*',
      'locale.*',
      'webhook.*',
    ]);
    expect(families.flatMap(({ entries }) => entries.map(({ name }) => name))).toEqual(EVENT_NAMES);
    expect(families.every(({ pattern }) => isEventPattern(pattern))).toBe(true);
  });

  test('takes everything as one pattern, in place of all others', () => {
    expect(withAll(true)).toEqual(['*']);
    expect(withAll(false)).toEqual([]);
    expect(allTick(['*'])).toBe(true);
    expect(allTick(['media.*'])).toBe('indeterminate');
    expect(allTick([])).toBe(false);
  });

  test('takes a family as its pattern, in place of its events', () => {
    const events = withFamily(family('entry'), true, {
      events: ['entry.create', 'media.create'],
      families,
    });
    expect(events).toEqual(['media.create', 'entry.*']);
    expect(familyTick(family('entry'), events)).toBe(true);
    expect(familyTick(family('media'), events)).toBe('indeterminate');
    expect(familyTick(family('webhook'), events)).toBe(false);
  });

  test('leaves the others of a family when one is cleared', () => {
    const events = withEvent({
      family: family('media'),
      name: 'media.update',
      isOn: false,
      events: ['media.*'],
      families,
    });
    expect(events).toEqual(['media.create', 'media.delete']);
  });

  test('leaves everything else when one of everything is cleared', () => {
    const events = withEvent({
      family: family('entry'),
      name: 'entry.delete',
      isOn: false,
      events: ['*'],
      families,
    });
    expect(sent(events)).toEqual(EVENT_NAMES.filter((name) => name !== 'entry.delete'));
    expect(sent(withFamily(family('media'), false, { events: ['*'], families }))).toEqual(
      EVENT_NAMES.filter((name) => !name.startsWith('media.')),
    );
  });

  test('ticks exactly the events that would be sent', () => {
    for (const events of [['*'], ['entry.*', 'media.create'], ['webhook.test'], []]) {
      const ticked = families.flatMap((one) =>
        one.entries.map(({ name }) => name).filter((name) => isTicked(one, name, events)),
      );
      expect(ticked).toEqual(sent(events));
    }
  });
});
