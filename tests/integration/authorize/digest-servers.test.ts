/** Verifies the scripted digest server with curl, an independent client. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programOf } from '../../support/debian';
import { startDigestServer, type DigestServer } from '../../support/digest-server';

const USER = { username: 'ada', password: 'pass "word" ü' };
let server: DigestServer;

beforeAll(async () => {
  server = await startDigestServer(USER);
});
beforeEach(() => server.clear());
afterAll(() => server.stop());

/** The status that curl ends with. */
const curl = async (password = USER.password) => {
  const args = ['--silent', '--digest', '--user', `${USER.username}:${password}`];
  const { stdout } = await promisify(execFile)(programOf('curl', 'curl'), [
    ...args,
    ...['--data', '{"a":1}', '--output', '/dev/null', '--write-out', '%{http_code}'],
    server.url('/hook?a=1,2'),
  ]);
  return Number(stdout);
};

const statuses = () => server.requests.map(({ status }) => status);

// curl 7.88 takes SHA-512-256 for SHA-256; lighttpd is the other side for that one (see digest.test.ts).
it.each([
  ['MD5', 'auth'],
  ['MD5-sess', 'auth'],
  ['SHA-256', 'auth'],
  ['SHA-256-sess', 'auth'],
  ['MD5', 'auth,auth-int'],
  [null, 'auth'],
  ['MD5', null],
])('curl gets through %s with qop %s, and with the right password only', async (algorithm, qop) => {
  server.challenge({ algorithm, qop });
  expect(await curl()).toBe(200);
  expect(statuses()).toEqual([401, 200]);
  expect(await curl('wrong')).toBe(401);
  expect(server.requests.at(-1)?.refusal).toBe('another response');
});

it('curl gets through it with a hashed user name', async () => {
  server.challenge({ algorithm: 'SHA-256', qop: 'auth', userhash: true });
  expect(await curl()).toBe(200);
  expect(server.requests.at(-1)?.parameters.userhash).toBe('true');
});
