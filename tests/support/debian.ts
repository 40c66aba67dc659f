/** Programs that the tests need and a fresh machine lacks: found on the path, or taken from Debian's packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CACHE = path.resolve(__dirname, '../../playground/.cache/debian');

const apt = (args: string[], cwd?: string) => {
  const { status } = spawnSync(args[0] ?? '', args.slice(1), {
    ...(cwd ? { cwd } : {}),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
};

/** One at a time: the tests run side by side, and apt gives up where another one of it is at work. */
const asRoot = () => [
  ...(process.getuid?.() === 0 ? [] : ['sudo', '-n']),
  'flock',
  path.join(tmpdir(), 'workflow-webhooks-apt.lock'),
];

/** The folders of a system's own programs are not on everybody's path. */
const FOLDERS = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];

/** The first of these programs that is there, by folder. */
export const programOnPath = (names: readonly string[]): string | undefined =>
  FOLDERS.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) =>
    existsSync(file),
  );

/** Installs a package for the whole machine. Whether that worked shows when the program is looked for. */
export const installPackage = (name: string): void => {
  process.stdout.write(`Installing the Debian package ${name} ...\n`);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', name];
  if (!apt([...asRoot(), ...install])) {
    if (apt([...asRoot(), 'apt-get', 'update'])) apt([...asRoot(), ...install]);
  }
};

const missing = (program: string, name: string) =>
  new Error(
    `This test needs ${program}, and its Debian package ${name} could not be installed. Install it, or see that ${program} is on the PATH.`,
  );

/** The path of a program, of a package that starts no service when it is installed. */
export const programOf = (program: string, packageName: string): string => {
  const present = programOnPath([program]);
  if (present) return present;
  installPackage(packageName);
  const installed = programOnPath([program]);
  if (installed) return installed;
  throw missing(program, packageName);
};

/** Whichever of two tests is first brings the folder; the other one's is the same, and is thrown away. */
const moveTo = (root: string, fresh: string) => {
  try {
    renameSync(fresh, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
    rmSync(fresh, { recursive: true });
  }
};

/**
 * The root of a package's files, unpacked in the playground's cache. For a server whose installation would start a
 * service of the machine; it needs no root, and leaves nothing behind outside the cache.
 */
export const unpacked = (packageName: string): string => {
  const root = path.join(CACHE, packageName);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true });
  const fresh = mkdtempSync(`${root}-`);
  const download = () => apt(['apt-get', 'download', packageName], fresh);
  if (!download() && apt([...asRoot(), 'apt-get', 'update'])) download();
  const archive = readdirSync(fresh).find((file) => file.endsWith('.deb'));
  if (!archive || !apt(['dpkg', '-x', archive, '.'], fresh))
    throw missing(packageName, packageName);
  moveTo(root, fresh);
  return root;
};
