/** Which fields a change was about. */
import fc from 'fast-check';
import { changedFields } from '../../../server/store/audit/changed-fields';
import { MASK } from '../../../server/contract/names';

const secret = (value: string) => ({ value, secret: true });

it('names what differs, at any depth, and nothing that is the same in another order', () => {
  const before = { name: 'A', events: ['a', 'b'], filter: { and: [{ op: 'eq', field: 'x' }] } };
  expect(changedFields(before, { ...before, filter: { and: [{ field: 'x', op: 'eq' }] } })).toEqual(
    [],
  );
  expect(changedFields(before, { name: 'B', events: ['b', 'a'], filter: null })).toEqual([
    'name',
    'events',
    'filter',
  ]);
});

it('names each state and command of a workflow by its key', () => {
  const state = (key: string, name: string) => ({ key, name });
  const before = { states: [state('a', 'A'), state('b', 'B')], commands: [state('go', 'Go')] };
  const after = { states: [state('b', 'Bee'), state('c', 'C')], commands: [state('go', 'Go')] };
  expect(changedFields(before, after)).toEqual(['states.a', 'states.b', 'states.c']);
  expect(changedFields(before, { states: [...before.states].reverse() })).toEqual(['states']);
  expect(changedFields(before, before)).toEqual([]);
});

it('names each header, and ignores the case of its name', () => {
  const before = {
    headers: { 'X-Same': 'a', 'x-key': secret(MASK), 'x-gone': 'a', 'x-open': 'a' },
  };
  const after = {
    headers: {
      'x-same': { value: 'a', secret: false },
      'X-Key': secret('new'),
      'x-more': 'b',
      'x-open': secret('a'),
    },
  };
  expect(changedFields(before, after).sort()).toEqual([
    'headers.x-gone',
    'headers.x-key',
    'headers.x-more',
    'headers.x-open',
  ]);
  expect(changedFields(before, { headers: { ...before.headers } })).toEqual([]);
});

it('ignores fields that are only in answers, such as times', () => {
  expect(changedFields({ name: 'A', updatedAt: '1' }, { name: 'A' })).toEqual([]);
});

it('never holds a value', () => {
  const value = fc.string({ minLength: 12 }).map((text) => `canary${text}`);
  const fields = fc.record({ name: value, password: value, events: fc.array(value) });
  fc.assert(
    fc.property(fields, fields, value, (before, after, header) => {
      const named = changedFields(
        { ...before, headers: {} },
        { ...after, headers: { 'x-key': secret(header) } },
      );
      expect(named.join()).not.toContain('canary');
      expect(named).toContain('headers.x-key');
    }),
  );
});
