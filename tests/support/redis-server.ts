/** A Redis server that a test may kill, start again empty, and flush while Strapi uses it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { programOnPath } from './debian';
import { freePort, startProcess, type OwnProcess } from './own-process';

export type RedisServer = {
  readonly port: number;
  readonly url: string;
  /** Kills the server, as a crash does. All keys are lost, because nothing is stored on disk. */
  end(): Promise<void>;
  start(): Promise<void>;
  flush(): Promise<void>;
  remove(): Promise<void>;
};

export const hasRedis = (): boolean => programOnPath(['redis-server']) !== undefined;

/** Uses Redis' inline protocol: one line, one answer. */
const command = async (port: number, text: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${text}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  if (!String(answer).startsWith('+OK')) throw new Error(`Redis answered ${answer} to ${text}.`);
};

export const startRedisServer = async (): Promise<RedisServer> => {
  const file = programOnPath(['redis-server']);
  if (!file) throw new Error('redis-server is not installed on this machine: install it.');
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  let running: OwnProcess | null = null;
  const start = async () => {
    running ??= await startProcess({ file, args: [...args, '--appendonly', 'no'], port });
  };
  const end = async () => {
    const ending = running;
    running = null;
    await ending?.stop('SIGKILL');
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    start,
    end,
    flush: () => command(port, 'FLUSHALL'),
    remove: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
