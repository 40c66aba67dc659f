/**
 * A database that Strapi has filled once. Every test starts from a copy, because the first start on an empty database creates
 * about a hundred tables, which takes longer than the rest of the start. SQLite's file is copied; PostgreSQL copies a
 * database itself; on MySQL, the tables are copied one by one.
 *
 * Each run of jest has its own templates: `makeTemplates` runs before, `dropTemplates` after the tests. The first test that
 * needs a template fills it. The demo and the benchmark have no templates and start with an empty database.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dropDatabase, type DatabaseKind } from './strapi-database';

/** The environment variable with the folder of the run, for jest's workers. */
const FOLDER = 'TEST_DATABASE_TEMPLATES';
const WAIT_MS = 50;

export type Template = {
  /** A database on a server, or the folder of a SQLite file. */
  name: string;
  dir: string;
};

/** The file in which the children of this run keep their modules, see module-cache.js. Undefined without a run of jest. */
export function moduleCache(): string | undefined {
  const folder = process.env[FOLDER];
  return folder && path.join(folder, 'modules');
}

/** Starts a Strapi on this database and stops it again. */
type Fill = (template: Template) => Promise<void>;

export async function makeTemplates(): Promise<void> {
  process.env[FOLDER] ??= await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-templates-'));
}

export async function dropTemplates(): Promise<void> {
  const folder = process.env[FOLDER];
  if (!folder) return;
  delete process.env[FOLDER];
  if (existsSync(folder))
    for (const kind of ['postgres', 'mysql'] as const)
      await dropDatabase(kind, nameIn(folder)).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

/** The template of this run, which the first caller fills. Null without a run of jest. */
export async function templateOf(kind: DatabaseKind, fill: Fill): Promise<Template | null> {
  const folder = process.env[FOLDER];
  if (!folder) return null;
  const template = { name: nameIn(folder), dir: path.join(folder, kind) };
  const mark = path.join(folder, `${kind}.filled`);
  while (!existsSync(mark))
    await fillAlone(kind, { lock: path.join(folder, `${kind}.lock`), mark, fill, template });
  return template;
}

function nameIn(folder: string): string {
  return `workflow_webhooks_template_${path.basename(folder).replace(/\W/g, '_').toLowerCase().slice(-6)}`;
}

/** Fills the template, or waits a moment if another worker is filling it. */
async function fillAlone(
  kind: DatabaseKind,
  work: { lock: string; mark: string; fill: Fill; template: Template },
) {
  const { lock, mark, fill, template } = work;
  const isOurs = await writeFile(lock, '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (!isOurs) return sleep(WAIT_MS);
  try {
    await fill(template);
    await writeFile(mark, '');
  } catch (error) {
    // The next test fills it anew, and must not find half of it.
    if (kind !== 'sqlite') await dropDatabase(kind, template.name).catch(() => undefined);
    await rm(template.dir, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(lock, { force: true });
  }
}
