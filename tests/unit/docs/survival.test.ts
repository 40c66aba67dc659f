/** The page that says what survives what names, for each of its statements, a test that is there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import contentTypes from '../../../server/content-types';
import { read, ROOT, rowsOf, samples } from './page';

const PAGE = 'docs/survival.md';
const shown = rowsOf(PAGE, null);

describe('The page about survival', () => {
  test('names a test for every statement', () => {
    expect(shown.length).toBeGreaterThan(7);
    const missing = shown.filter(([, , by = '']) => !/\.test\.ts|chaos/.test(by));
    expect(missing).toEqual([]);
  });

  test('names tests that are there', () => {
    const named = shown.flatMap(([, , by = '']) => by.match(/[\w/-]+\.test\.ts/g) ?? []);
    const gone = named.filter((file) => !existsSync(path.join(ROOT, 'tests/integration', file)));
    expect(gone).toEqual([]);
  });

  test('leaves content types out of a transfer that there are', () => {
    const [command = ''] = samples(PAGE, 'Data transfer', 'sh');
    const named = command.match(/plugin::workflow-webhooks\.([\w-]+)/g) ?? [];
    expect(named).toHaveLength(2);
    for (const uid of named) expect(Object.keys(contentTypes)).toContain(uid.split('.')[1]);
  });

  test('speaks of a command that there is', () => {
    const [name = ''] = /npm run (\w+)/.exec(read(PAGE))?.slice(1) ?? [];
    expect(JSON.parse(read('package.json')).scripts).toHaveProperty(name);
  });
});
