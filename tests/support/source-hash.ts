/** A hash of files and folders: the same content under the same names gives the same hash. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

async function filesBelow(place: string): Promise<string[]> {
  if (!existsSync(place)) return [];
  if ((await stat(place)).isFile()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** @param places files and folders, relative to `root`; missing ones count as empty. */
export async function hashOf(root: string, places: string[]): Promise<string> {
  const found = await Promise.all(places.map((place) => filesBelow(path.join(root, place))));
  const hash = createHash('sha256');
  for (const file of found.flat().sort()) {
    hash
      .update(path.relative(root, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}
