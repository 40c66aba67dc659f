/** A proxy that somebody else wrote (Debian's tinyproxy), as a process of the test's own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { programOf } from './debian';
import { freePort, startProcess } from './own-process';

export type ProxyServer = {
  /** With the user's name and password, where it wants one. */
  readonly url: string;
  readonly port: number;
  /** What it was asked for, in order: "CONNECT host:port". */
  asked(): Promise<string[]>;
  stop(): Promise<void>;
};

export type ProxyOptions = {
  /** Hosts that it refuses: regular expressions, as tinyproxy has them. */
  refuses?: string[];
  /** Whom it lets pass; without one: everybody. */
  user?: { username: string; password: string };
};

type Place = { folder: string; port: number };

const configOf = ({ folder, port }: Place, { refuses, user }: ProxyOptions) => `
Port ${port}
Listen 127.0.0.1
Timeout 20
MaxClients 50
LogFile "${folder}/log"
LogLevel Connect
PidFile "${folder}/pid"
Allow 127.0.0.1
${refuses ? `Filter "${folder}/filter"\nFilterExtended On` : ''}
${user ? `BasicAuth ${user.username} ${user.password}` : ''}
`;

export const startProxyServer = async (options: ProxyOptions = {}): Promise<ProxyServer> => {
  const file = programOf('tinyproxy', 'tinyproxy-bin');
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-proxy-'));
  const port = await freePort();
  const config = path.join(folder, 'tinyproxy.conf');
  await writeFile(config, configOf({ folder, port }, options));
  await writeFile(path.join(folder, 'filter'), `${(options.refuses ?? []).join('\n')}\n`);
  const running = await startProcess({ file, args: ['-d', '-c', config], port });
  const { user } = options;
  const login = user ? `${user.username}:${user.password}@` : '';
  return {
    url: `http://${login}127.0.0.1:${port}`,
    port,
    asked: async () => {
      const log = await readFile(path.join(folder, 'log'), 'utf8').catch(() => running.output());
      return [...log.matchAll(/Request \(file descriptor \d+\): (\S+ \S+)/g)].map(
        ([, asked]) => asked ?? '',
      );
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
