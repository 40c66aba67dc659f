import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeAuthorities } from '../../../server/replication/worker-process.service';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'authorities-'))));
afterEach(() => rm(folder, { recursive: true }));

const trusted = async (ca: string | null, own?: string) => {
  const { env, remove } = await writeAuthorities({ ca, env: { NODE_EXTRA_CA_CERTS: own } });
  const file = env.NODE_EXTRA_CA_CERTS;
  const text = file && (await readFile(file, 'utf8'));
  await remove();
  expect(file && existsSync(file)).toBeFalsy();
  return text;
};

test('without network.ca the environment stays as it is', async () => {
  expect(await trusted(null, '/etc/own.pem')).toBeUndefined();
});

test('network.ca is trusted', async () => {
  expect(await trusted('OURS')).toBe('OURS');
});

test("network.ca is trusted beside the server's own further authorities", async () => {
  const own = path.join(folder, 'own.pem');
  await writeFile(own, 'OWN');
  expect(await trusted('OURS', own)).toBe('OURS\nOWN');
});

test('a file that is not there is passed over, as Node does', async () => {
  expect(await trusted('OURS', path.join(folder, 'none.pem'))).toBe('OURS');
});
