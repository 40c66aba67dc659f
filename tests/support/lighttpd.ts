/** Debian's lighttpd: its digest authentication supports SHA-256, SHA-512-256 and hashed user names. Unpacked, never installed. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loggedStatuses, type WebServer, type WebServerOptions } from './apache';
import { programOnPath, unpacked } from './debian';
import { freePort, startProcess } from './own-process';

const REALM = 'lighttpd';
const HASHES = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
export type LighttpdAlgorithm = keyof typeof HASHES;

export type LighttpdOptions = WebServerOptions & {
  /** One algorithm: with several, lighttpd's file of hashes would hold those of the last one only. */
  algorithm: LighttpdAlgorithm;
  userhash?: boolean;
};

/** `user:realm:hash`, followed by the hash of the name if `userhash` is on. */
const fileOf = ({ username, password, algorithm, userhash }: LighttpdOptions) => {
  const hash = (text: string) => createHash(HASHES[algorithm]).update(text).digest('hex');
  const line = [username, REALM, hash(`${username}:${REALM}:${password}`)];
  return `${[...line, ...(userhash ? [hash(`${username}:${REALM}`)] : [])].join(':')}\n`;
};

type Place = { folder: string; port: number };

const configOf = ({ folder, port }: Place, options: LighttpdOptions) => {
  const { hostname, port: upstreamPort } = new URL(options.upstream);
  return `
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${folder}"
server.modules = ("mod_auth", "mod_authn_file", "mod_proxy", "mod_accesslog")
server.errorlog = "${folder}/error.log"
accesslog.filename = "${folder}/access.log"
accesslog.format = "%s"
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${folder}/users"
auth.require = ("/" => (
  "method" => "digest",
  "algorithm" => "${options.algorithm}",
  "realm" => "${REALM}",
  ${options.userhash ? '"userhash" => "enable",' : ''}
  "require" => "valid-user"
))
proxy.server = ("" => (("host" => "${hostname}", "port" => ${upstreamPort})))
`;
};

const found = () => {
  const installed = programOnPath(['lighttpd']);
  if (installed) return { file: installed, modules: '/usr/lib/lighttpd' };
  const root = unpacked('lighttpd');
  return {
    file: path.join(root, 'usr/sbin/lighttpd'),
    modules: path.join(root, 'usr/lib/lighttpd'),
  };
};

export const startLighttpd = async (options: LighttpdOptions): Promise<WebServer> => {
  const { file, modules } = found();
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-lighttpd-'));
  const place = { folder, port: await freePort() };
  await writeFile(path.join(folder, 'users'), fileOf(options));
  const config = path.join(folder, 'lighttpd.conf');
  await writeFile(config, configOf(place, options));
  const args = ['-D', '-f', config, '-m', modules];
  const start = () => startProcess({ file, args, port: place.port });
  let running = await start();
  return {
    url: (at = '/') => `http://127.0.0.1:${place.port}${at}`,
    // lighttpd writes its log only on shutdown or every few seconds.
    statuses: async (least) => {
      await running.stop();
      const found = await loggedStatuses(path.join(folder, 'access.log'), least);
      running = await start();
      return found;
    },
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
