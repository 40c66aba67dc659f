/** Finds programs that the tests need on the path, or installs them from Debian's packages. */
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

/** With a lock, because tests run in parallel and apt fails if another apt is running. */
const asRoot = () => [
  ...(process.getuid?.() === 0 ? [] : ['sudo', '-n']),
  'flock',
  path.join(tmpdir(), 'workflow-webhooks-apt.lock'),
];

/** The folders of system programs are missing from some users' path. */
const FOLDERS = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];

/** The first of these programs that exists. */
export const programOnPath = (names: readonly string[]): string | undefined =>
  FOLDERS.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) =>
    existsSync(file),
  );

/** Installs a package on the machine. The caller checks the result: it looks for the program again. */
export const installPackage = (name: string): void => {
  process.stdout.write(`Installing the Debian package ${name} ...\n`);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', name];
  if (!apt([...asRoot(), ...install])) {
    if (apt([...asRoot(), 'apt-get', 'update'])) apt([...asRoot(), ...install]);
  }
};

const missing = (program: string, name: string) =>
  new Error(
    `This test needs ${program}, and its Debian package ${name} could not be installed. Install it, or add ${program} to the PATH.`,
  );

/** The path of a program. Use this only for packages that start no service on installation. */
export const programOf = (program: string, packageName: string): string => {
  const present = programOnPath([program]);
  if (present) return present;
  installPackage(packageName);
  const installed = programOnPath([program]);
  if (installed) return installed;
  throw missing(program, packageName);
};

/** If two tests unpack the same package at once, the first one's folder stays and the second one's is removed. */
const moveTo = (root: string, fresh: string) => {
  try {
    renameSync(fresh, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
    rmSync(fresh, { recursive: true });
  }
};

/**
 * The root of a package's files, unpacked in the playground's cache. Use this for a server whose installation would start a
 * system service. Needs no root and changes nothing outside the cache.
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
