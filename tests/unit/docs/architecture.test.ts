/** docs/architecture.md lists the files that a change passes. The code's imports say the same. */
import { filesReached } from '../../support/code-counts';
import { read } from './page';

const PAGE = read('docs/architecture.md');
const ORDER = ['capture', 'match', 'store', 'deliver', 'send'];

/** "- `capture/recorder.service.ts`: ..." below a heading, up to the next one; a station is in bold. */
const listed = (heading: string) => {
  const [, rest = ''] = PAGE.split(`## ${heading}\n`);
  const [part = ''] = rest.split('\n## ');
  return [...part.matchAll(/^- (\*\*)?`([\w./-]+\.ts)`/gm)].map(([, bold, file]) => ({
    file: `server/${file}`,
    isStation: bold !== undefined,
  }));
};

/** The page names what it leaves out, as folders or files. */
const leftOut = () => {
  const [, line = ''] = /^Left out: (.+)$/m.exec(PAGE) ?? [];
  const names = [...line.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name);
  return new RegExp(`^server/(${names.map((name) => name.replace(/[.]/g, '\\.')).join('|')})`);
};

const files = listed('The files of an `entry.update`');
const roomOf = (file: string) => file.split('/')[1] ?? '';

describe('The way of an entry.update', () => {
  test('is listed file by file, as the imports have it', () => {
    const stations = files.filter(({ isStation }) => isStation).map(({ file }) => file);
    expect(stations.length).toBeGreaterThan(5);
    expect(files.map(({ file }) => file).sort()).toEqual(filesReached(stations, leftOut()));
  });

  /** The numbers may only get smaller. */
  test('passes at most 52 files in 8 rooms', () => {
    expect(files.length).toBeLessThanOrEqual(52);
    expect(new Set(files.map(({ file }) => roomOf(file))).size).toBeLessThanOrEqual(8);
  });

  test('goes through the rooms in the order of the corridor', () => {
    const rooms = files.map(({ file }) => roomOf(file)).filter((room) => ORDER.includes(room));
    const firsts = rooms.filter((room, index) => rooms.indexOf(room) === index);
    expect(firsts).toEqual(ORDER);
  });
});
