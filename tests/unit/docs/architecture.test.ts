/** docs/architecture.md lists the files that a change passes. The code's imports say the same. */
import { filesReached } from '../../support/code-counts';
import { read } from './page';

const PAGE = read('docs/architecture.md');
const ORDER = ['capture', 'match', 'store', 'deliver', 'send'];

/** Below a heading, up to the next one. */
const partOf = (heading: string) => {
  const [, rest = ''] = PAGE.split(`## ${heading}\n`);
  return rest.split('\n## ')[0] ?? '';
};

/** "- `capture/recorder.service.ts`: ..."; a station is in bold. */
const listed = (heading: string) => {
  return [...partOf(heading).matchAll(/^- (\*\*)?`([\w./-]+\.ts)`/gm)].map(([, bold, file]) => ({
    file: `server/${file}`,
    isStation: bold !== undefined,
  }));
};

/** The page names what it leaves out, as folders or files. */
const leftOut = (heading: string) => {
  const [, line = ''] = /^Left out: (.+)$/m.exec(partOf(heading)) ?? [];
  const names = [...line.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name);
  return new RegExp(`^server/(${names.map((name) => name.replace(/[.]/g, '\\.')).join('|')})`);
};

const CHANGE = 'The files of an `entry.update`';
const files = listed(CHANGE);
const roomOf = (file: string) => file.split('/')[1] ?? '';

describe('The way of an entry.update', () => {
  test('is listed file by file, as the imports have it', () => {
    const stations = files.filter(({ isStation }) => isStation).map(({ file }) => file);
    expect(stations.length).toBeGreaterThan(5);
    expect(files.map(({ file }) => file).sort()).toEqual(filesReached(stations, leftOut(CHANGE)));
  });

  /** The numbers may only get smaller. */
  test('passes at most 55 files in 8 rooms', () => {
    expect(files.length).toBeLessThanOrEqual(55);
    expect(new Set(files.map(({ file }) => roomOf(file))).size).toBeLessThanOrEqual(8);
  });

  test('goes through the rooms in the order of the corridor', () => {
    const rooms = files.map(({ file }) => roomOf(file)).filter((room) => ORDER.includes(room));
    const firsts = rooms.filter((room, index) => rooms.indexOf(room) === index);
    expect(firsts).toEqual(ORDER);
  });
});

const COMMAND = 'The files of a workflow command';
const commandFiles = listed(COMMAND);

describe('The way of a workflow command', () => {
  test('is listed file by file, as the imports have it', () => {
    const stations = commandFiles.filter(({ isStation }) => isStation).map(({ file }) => file);
    expect(stations.length).toBeGreaterThan(5);
    expect(commandFiles.map(({ file }) => file).sort()).toEqual(
      filesReached(stations, leftOut(COMMAND)),
    );
  });

  /** The number may only get smaller. */
  test('passes at most 17 files', () => {
    expect(commandFiles.length).toBeLessThanOrEqual(17);
  });

  test('can be followed by the names of folders', () => {
    const [, way = ''] = /The folders are the steps: (.+?)\./.exec(partOf(COMMAND)) ?? [];
    const steps = [...way.matchAll(/`([\w/]+)`/g)].map(([, name = '']) => name);
    const folders = commandFiles
      .map(({ file }) => file.split('/').slice(1, -1).join('/'))
      .filter((folder) => steps.includes(folder));
    expect(steps).toHaveLength(4);
    expect(folders.filter((folder, index) => folders.indexOf(folder) === index)).toEqual(steps);
  });
});
