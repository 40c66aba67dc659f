/** Debian's Apache with digest authentication, in a child process: it touches no service of the machine. */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOf } from './debian';
import { freePort, startProcess } from './own-process';

export type WebServer = {
  url(path?: string): string;
  /** The status of every request so far, refusals included, in order. Waits until there are at least `least`. */
  statuses(least: number): Promise<number[]>;
  /** Restarts the server on the same port. It then knows no earlier nonce. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type WebServerOptions = {
  username: string;
  password: string;
  /** The URL of the receiver that authorized requests are forwarded to. */
  upstream: string;
};

const REALM = 'apache';

const fileOf = ({ username, password }: WebServerOptions) => {
  const hash = createHash('md5').update(`${username}:${REALM}:${password}`).digest('hex');
  return `${username}:${REALM}:${hash}\n`;
};

const MODULES = [
  'mpm_event',
  'authn_core',
  'authn_file',
  'authz_core',
  'authz_user',
  'auth_digest',
  'proxy',
  'proxy_http',
];

type Place = { folder: string; port: number; nonceLifetime: number };

/** Apache refuses to run as root, so its children run as nobody. */
const userOf = () => (process.getuid?.() === 0 ? 'User #65534\nGroup #65534' : '');

const configOf = ({ folder, port, nonceLifetime }: Place, { upstream }: WebServerOptions) => `
ServerName localhost
ServerRoot ${folder}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${userOf()}
ErrorLog ${folder}/error.log
LogFormat "%>s" status
CustomLog ${folder}/access.log status
ProxyPass / ${upstream}
<Location />
  AuthType Digest
  AuthName "${REALM}"
  AuthDigestProvider file
  AuthUserFile ${folder}/users
  AuthDigestQop auth
  AuthDigestNonceLifetime ${nonceLifetime}
  Require valid-user
</Location>
`;

/** Polls, because a server writes its log after it has sent the answer. */
export const loggedStatuses = async (file: string, least: number): Promise<number[]> => {
  const deadline = Date.now() + 5000;
  for (;;) {
    const log = await readFile(file, 'utf8');
    const found = log.split('\n').filter(Boolean).map(Number);
    if (found.length >= least || Date.now() > deadline) return found;
    await sleep(20);
  }
};

/** Apache supports MD5 with qop auth only. @param nonceLifetime seconds. */
export const startApache = async (
  options: WebServerOptions & { nonceLifetime?: number },
): Promise<WebServer> => {
  const file = programOf('apache2', 'apache2-bin');
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-apache-'));
  const place = { folder, port: await freePort(), nonceLifetime: options.nonceLifetime ?? 300 };
  await writeFile(path.join(folder, 'users'), fileOf(options), { mode: 0o644 });
  await writeFile(path.join(folder, 'apache.conf'), configOf(place, options));
  await chmod(folder, 0o755);
  const start = () =>
    startProcess({
      file,
      args: ['-f', path.join(folder, 'apache.conf'), '-DFOREGROUND'],
      port: place.port,
    });
  let running = await start();
  return {
    url: (at = '/') => `http://127.0.0.1:${place.port}${at}`,
    statuses: (least) => loggedStatuses(path.join(folder, 'access.log'), least),
    restart: async () => {
      await running.stop();
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
