/** A copy of the playground. A test may change its schema files, as the Content-Type Builder or a deployment does. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PLAYGROUND, REPOSITORY } from './strapi-process';

export type PlaygroundCopy = {
  appDir: string;
  /** Writes a file below src/; null removes the file or folder. */
  write(file: string, content: object | string | null): Promise<void>;
  read(file: string): Promise<any>;
  remove(): Promise<void>;
};

/** Strapi reads these from the folder above the playground: the built plugin and the packages. */
const SHARED = ['package.json', 'dist', 'node_modules'];

export const copyPlayground = async (): Promise<PlaygroundCopy> => {
  const dir = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-app-'));
  const appDir = path.join(dir, 'playground');
  for (const part of ['config', 'src', 'public', 'package.json', 'favicon.png'])
    await cp(path.join(PLAYGROUND, part), path.join(appDir, part), { recursive: true });
  for (const name of SHARED) await symlink(path.join(REPOSITORY, name), path.join(dir, name));
  const place = (file: string) => path.join(appDir, 'src', file);
  return {
    appDir,
    write: (file, content) =>
      content === null
        ? rm(place(file), { recursive: true })
        : writeFile(place(file), typeof content === 'string' ? content : JSON.stringify(content)),
    read: async (file) => JSON.parse(await readFile(place(file), 'utf8')),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
};
