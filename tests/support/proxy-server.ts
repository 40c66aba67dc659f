/** A third-party proxy (Debian's tinyproxy) in a child process. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { programOf } from './debian';
import { freePort, startProcess } from './own-process';

export type ProxyServer = {
  /** Contains the user's name and password, if the proxy requires them. */
  readonly url: string;
  readonly port: number;
  /** The requests that the proxy got, in order, as "CONNECT host:port". */
  requests(): Promise<string[]>;
  stop(): Promise<void>;
};

export type ProxyOptions = {
  /** Refused hosts: regular expressions in tinyproxy's syntax. */
  refuses?: string[];
  /** The user that the proxy requires; by default, none. */
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
    requests: async () => {
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
