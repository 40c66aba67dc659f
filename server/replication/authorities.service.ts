/** The authorities that a replication's own process trusts beside Node's, in the file in which alone Node takes them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VARIABLE = 'NODE_EXTRA_CA_CERTS';

type Options = { ca: string | null; env?: NodeJS.ProcessEnv };

/** One that cannot be read is left out, as by Node, which says so when the server starts. */
const contentOf = (file: string | undefined) =>
  file ? readFile(file, 'utf8').catch(() => null) : null;

/** What is added to the environment, and what removes the file. */
export const writeAuthorities = async ({ ca, env = process.env }: Options) => {
  if (ca === null) return { env: {}, remove: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-'));
  const file = path.join(folder, 'ca.pem');
  const own = await contentOf(env[VARIABLE]);
  await writeFile(file, own === null ? ca : `${ca}\n${own}`);
  return {
    env: { [VARIABLE]: file },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
