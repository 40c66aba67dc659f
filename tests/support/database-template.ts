/**
 * A database that Strapi has filled once, for every test to start from a copy of it. The first start on an empty database
 * creates about a hundred tables, which takes longer than the rest of the start. SQLite's file is copied, PostgreSQL
 * copies a database by itself; MySQL cannot, so a test on MySQL starts empty.
 *
 * A run of jest has templates of its own: `makeTemplates` before it, `dropTemplates` after it. The first test that needs
 * one fills it. Without a run (the demo, the benchmark) there are none, and Strapi starts empty.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dropDatabase, type DatabaseKind } from './strapi-database';

/** Where jest's workers find the folder of their run. */
const FOLDER = 'TEST_DATABASE_TEMPLATES';
const WAIT_MS = 50;

export type Template = {
  /** A PostgreSQL database, or the folder of a SQLite file. */
  name: string;
  dir: string;
};

/** Starts a Strapi on this database and stops it again. */
type Fill = (template: Template) => Promise<void>;

export async function makeTemplates(): Promise<void> {
  process.env[FOLDER] ??= await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-templates-'));
}

export async function dropTemplates(): Promise<void> {
  const folder = process.env[FOLDER];
  if (!folder) return;
  delete process.env[FOLDER];
  if (existsSync(folder)) await dropDatabase('postgres', nameIn(folder)).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

/** The template of this run, which the first caller fills; null where there is none. */
export async function templateOf(kind: DatabaseKind, fill: Fill): Promise<Template | null> {
  const folder = process.env[FOLDER];
  if (!folder || kind === 'mysql') return null;
  const template = { name: nameIn(folder), dir: path.join(folder, kind) };
  const mark = path.join(folder, `${kind}.filled`);
  while (!existsSync(mark))
    await fillAlone({ lock: path.join(folder, `${kind}.lock`), mark, fill, template });
  return template;
}

function nameIn(folder: string): string {
  return `workflow_webhooks_template_${path.basename(folder).replace(/\W/g, '_').toLowerCase().slice(-6)}`;
}

/** Fills the template, or waits a moment where another worker does. */
async function fillAlone(work: { lock: string; mark: string; fill: Fill; template: Template }) {
  const { lock, mark, fill, template } = work;
  const isOurs = await writeFile(lock, '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (!isOurs) return sleep(WAIT_MS);
  try {
    await fill(template);
    await writeFile(mark, '');
  } finally {
    await rm(lock, { force: true });
  }
}
