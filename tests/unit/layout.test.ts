/** The walls of the house: what each part of the code may touch and import. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ADMIN_FLOORS from '../support/admin-floors.json';
import FLOORS from '../support/floors.json';
import { countCode } from '../support/code-counts';

const root = path.resolve(__dirname, '../..');

type Source = { file: string; code: string; imports: { from: string; isTypeOnly: boolean }[] };

const IMPORT = /^(import|export)\s+(type\s+)?[^;]*?from\s+'([^']+)'/gm;

const sourceOf = (file: string): Source => {
  const text = readFileSync(path.join(root, file), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(([, , type, from]) => ({
    from: from as string,
    isTypeOnly: Boolean(type),
  }));
  return { file, code: text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''), imports };
};

const sources = (folder: string): Source[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => sourceOf(path.posix.join(folder, file.split(path.sep).join('/'))));

/** Strapi's names for Strapi's things: it calls them with itself. */
const STRAPIS_OWN =
  /^server\/((index|register|bootstrap|destroy)\.ts|manage\/([a-z-]+\/controller|controllers)\.ts)/;
const isPure = ({ file }: Source) => !file.endsWith('.service.ts') && !STRAPIS_OWN.test(file);

const WORLD: [string, RegExp][] = [
  ['the clock', /\bDate\.now\b|new Date\(\)|\bperformance\.|\bsetTimeout\b|\bsetInterval\b/],
  ['Strapi', /\bstrapi\.|\bCore\.Strapi\b/],
  ['chance', /\bMath\.random\b|import \{[^}]*\b(randomBytes|randomUUID|v4|v7)\b/],
];
const NETWORK = /^(node:)?(http|https|net|tls|dns|dgram|fs)(\/|$)|^(axios|undici)$/;

const server = sources('server');

describe('The layout of the code', () => {
  test('the checks find files and imports', () => {
    expect(server.length).toBeGreaterThan(50);
    expect(server.filter(isPure).length).toBeGreaterThan(30);
    expect(server.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
  });

  test.each(WORLD)('a pure file does not touch %s', (_what, pattern) => {
    expect(
      server
        .filter(isPure)
        .filter(({ code }) => pattern.test(code))
        .map(({ file }) => file),
    ).toEqual([]);
  });

  test('a pure file imports neither the network nor a service file, except for types', () => {
    const offences = server
      .filter(isPure)
      .flatMap(({ file, imports }) =>
        imports
          .filter(
            ({ from, isTypeOnly }) =>
              !isTypeOnly && (NETWORK.test(from) || from.endsWith('.service')),
          )
          .map(({ from }) => `${file} -> ${from}`),
      );
    expect(offences).toEqual([]);
  });

  test.each(['server', 'admin'])('no two rooms of %s import each other', (folder) => {
    expect(countCode(folder).mutualImports).toEqual([]);
  });

  test.each([
    { folder: 'server', floors: FLOORS, others: ['cli'] },
    { folder: 'admin', floors: ADMIN_FLOORS, others: [] },
  ])('every room of $folder has a floor, and imports only rooms before it', (each) => {
    const { folder, floors, others } = each;
    const rooms = readdirSync(path.join(root, folder), { withFileTypes: true });
    const named = rooms.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...floors, ...others].sort()).toEqual(named.sort());
    const floorOf = (file: string) => floors.indexOf(file.split('/')[1] ?? '');
    // What lies beside the rooms, such as the addresses of the pages, belongs to none.
    const isInRoom = (to: string) => to.split('/').length > 2;
    const offences = sources(folder)
      .filter(({ file }) => floorOf(file) >= 0)
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ from }) => from.startsWith('.'))
          .map(({ from }) => path.posix.join(path.posix.dirname(file), from))
          .filter((to) => to.startsWith(`${folder}/`) && (isInRoom(to) || folder === 'server'))
          .filter((to) => floorOf(to) < 0 || floorOf(to) > floorOf(file))
          .map((to) => `${file} -> ${to}`),
      );
    expect(offences).toEqual([]);
  });

  test('the contract imports zod and itself, nothing else', () => {
    const offences = sources('server/contract').flatMap(({ file, imports }) =>
      imports
        .filter(({ from }) => from !== 'zod' && !/^\.\/[a-z-]+$/.test(from))
        .map(({ from }) => `${file} -> ${from}`),
    );
    expect(offences).toEqual([]);
  });

  test('the admin panel imports the contract, and nothing else of the server', () => {
    const offences = sources('admin').flatMap(({ file, imports }) =>
      imports
        .filter(({ from }) => from.includes('server/') && !from.includes('server/contract/'))
        .map(({ from }) => `${file} -> ${from}`),
    );
    expect(offences).toEqual([]);
  });

  /** Published as ES modules only, which Node before 20.19 cannot require: on purpose part of the bundle. */
  const BUNDLED = ['oauth4webapi'];

  test('every bundled package is in docs/third-party.md with its licence', () => {
    const licences = readFileSync(path.join(root, 'docs/third-party.md'), 'utf8');
    const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    for (const name of BUNDLED) {
      expect(devDependencies).toHaveProperty([name]);
      expect(licences).toContain(`## ${name}`);
    }
  });

  test('every imported package is declared, because the build would bundle an undeclared one', () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
    const declared = [...Object.keys({ ...dependencies, ...peerDependencies }), ...BUNDLED];
    const offences = [...server, ...sources('admin')].flatMap(({ file, imports }) =>
      imports
        .filter(({ from, isTypeOnly }) => !isTypeOnly && !/^(\.|node:)/.test(from))
        .filter(
          ({ from }) => !declared.some((name) => from === name || from.startsWith(`${name}/`)),
        )
        .map(({ from }) => `${file} -> ${from}`),
    );
    expect(offences).toEqual([]);
  });

  test('the tree in CONTRIBUTING.md names exactly the existing rooms', () => {
    const contributing = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
    const [, tree = ''] = /^server\/\n((?: {2}.*\n)+)/m.exec(contributing) ?? [];
    const named = tree.split('\n').flatMap((line) => {
      const [names = ''] = /^ {2}(?:[a-z-]+\/ *)+/.exec(line) ?? [];
      return names.match(/[a-z-]+(?=\/)/g) ?? [];
    });
    const rooms = readdirSync(path.join(root, 'server'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(named.sort()).toEqual(rooms.sort());
  });

  test('every file starts with a comment about its purpose, except plain lists', () => {
    const silent = server
      .filter(({ file }) => !/\/(index|answers|controllers?)\.ts$/.test(file))
      .filter(({ file }) => {
        const text = readFileSync(path.join(root, file), 'utf8');
        return !text.startsWith('/**') && !text.startsWith('//');
      });
    expect(silent.map(({ file }) => file)).toEqual([]);
  });
});
