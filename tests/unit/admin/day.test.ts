/** The days of the delivery log's filters. They depend on the time zone, so each zone is a process of its own. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { transformFileSync } from '@swc/core';
import { momentIn } from '../../../admin/components/day';

const { code } = transformFileSync(path.resolve(__dirname, '../../../admin/components/day.ts'), {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
});

const inZone = (zone: string, expression: string): string => {
  const script = `${code}\nprocess.stdout.write((${expression}).toISOString())`;
  return execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
  });
};

describe('a day of the delivery log', () => {
  it.each([
    ['UTC', '2026-11-21T23:59:59.999Z'],
    ['America/New_York', '2026-11-22T04:59:59.999Z'],
    ['Asia/Kolkata', '2026-11-21T18:29:59.999Z'],
  ])('ends with its last millisecond in %s', (zone, end) => {
    expect(inZone(zone, 'exports.endOfDay(new Date(2026, 10, 21))')).toBe(end);
  });

  it('ends right although the clocks are set back on it', () => {
    const end = inZone('Europe/Zurich', 'exports.endOfDay(new Date(2026, 9, 25))');
    expect(end).toBe('2026-10-25T22:59:59.999Z');
  });

  it.each(['America/New_York', 'UTC', 'Asia/Kolkata'])(
    'is shown as the day on which it began in %s',
    (zone) => {
      const shown = inZone(zone, 'exports.shownDay(new Date(2026, 10, 21))');
      expect(shown).toBe('2026-11-21T00:00:00.000Z');
    },
  );

  it('is none where the address says something else', () => {
    expect(momentIn('yesterday')).toBeUndefined();
    expect(momentIn(undefined)).toBeUndefined();
    expect(momentIn('2026-11-21T00:00:00.000Z')?.toISOString()).toBe('2026-11-21T00:00:00.000Z');
  });
});
