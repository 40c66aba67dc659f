/** A copy of the plugin and the playground in a temporary folder, built with source maps, so that a profile knows its files. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../tests/support/strapi-process';

/** The file of the sources, as in "server/store/tables.service.ts"; null if the place is in no file of the plugin. */
export type Locate = (url: string, place: { line: number; column: number }) => string | null;
export type ProfileBuild = { appDir: string; locate: Locate; remove(): Promise<void> };

const COPIED = ['server', 'tsconfig.json'];
const PLAYGROUND = ['config', 'src', 'public', 'package.json', 'favicon.png'];
const SDK = 'node_modules/@strapi/sdk-plugin/bin/strapi-plugin.js';

export async function buildWithSourceMaps(): Promise<ProfileBuild> {
  const dir = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-profile-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await copyInto(dir);
    build(dir);
    return { appDir: path.join(dir, 'playground'), locate: locator(dir), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Description = { exports: Record<string, { source?: string }> };

async function copyInto(dir: string): Promise<void> {
  const description: Description = JSON.parse(
    await readFile(path.join(REPOSITORY, 'package.json'), 'utf8'),
  );
  // The panel is not profiled, and its build would take most of the time.
  delete description.exports['./strapi-admin'];
  const entries = Object.values(description.exports).flatMap(({ source }) => source ?? []);
  for (const part of [...COPIED, ...entries, ...PLAYGROUND.map((name) => `playground/${name}`)])
    await cp(path.join(REPOSITORY, part), path.join(dir, part), { recursive: true });
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(dir, 'node_modules'));
  await writeFile(path.join(dir, 'package.json'), JSON.stringify(description));
}

function build(dir: string): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(REPOSITORY, SDK), 'build', '--sourcemap'],
    { cwd: dir, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The plugin could not be built.\n${stdout}\n${stderr}`);
}

/** Reads the source map of each bundle once. */
function locator(dir: string): Locate {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (bundle: string) => {
    const known = maps.get(bundle);
    if (known !== undefined) return known;
    const text = existsSync(`${bundle}.map`) ? readFileSync(`${bundle}.map`, 'utf8') : null;
    const map = text === null ? null : new SourceMap(JSON.parse(text));
    maps.set(bundle, map);
    return map;
  };
  return (url, { line, column }) => {
    const file = url.replace(/^file:\/\//, '');
    if (!file.startsWith(dir)) return null;
    const entry = mapOf(file)?.findEntry(line, column);
    if (!entry || !('originalSource' in entry)) return path.relative(dir, file);
    const source = entry.originalSource.replace(/^file:\/\//, '');
    return path.relative(dir, path.resolve(path.dirname(file), source));
  };
}
