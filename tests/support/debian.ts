/** Programs that the tests need and a fresh machine lacks: found on the path, or taken from Debian's packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
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

const asRoot = () => (process.getuid?.() === 0 ? [] : ['sudo', '-n']);

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

/**
 * The root of a package's files, unpacked in the playground's cache. For a server whose installation would start a
 * service of the machine; it needs no root, and leaves nothing behind outside the cache.
 */
export const unpacked = (packageName: string): string => {
  const root = path.join(CACHE, packageName);
  if (existsSync(path.join(root, 'usr'))) return root;
  mkdirSync(root, { recursive: true });
  const download = () => apt(['apt-get', 'download', packageName], root);
  if (!download() && apt([...asRoot(), 'apt-get', 'update'])) download();
  const archive = readdirSync(root).find((file) => file.endsWith('.deb'));
  if (!archive || !apt(['dpkg', '-x', archive, '.'], root)) throw missing(packageName, packageName);
  return root;
};
