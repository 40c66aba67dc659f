/** A digest server that repeats its nonce for a while, and accepts each count only once. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthorizedSending } from '../../../server/send/credentials/credentials.service';
import { createSender, type Sender } from '../../../server/send/http/send.service';
import { createClock } from '../../../server/strapi/clock.service';
import { challengesOf } from '../../../server/send/credentials/digest.service';

const LIMITS = { timeout: 5000, maxResponseBytes: 1000 };
const CHALLENGE = 'Digest realm="r", nonce="of this minute", qop="auth", algorithm=SHA-256';

let server: http.Server;
let sender: Sender;
const used: string[] = [];

beforeAll(async () => {
  server = http.createServer((incoming, answer) => {
    const [digest] = challengesOf(incoming.headers.authorization ?? '');
    const count = digest?.parameters.nc;
    const isGood = count !== undefined && !used.includes(count);
    if (count !== undefined) used.push(count);
    answer.writeHead(isGood ? 200 : 401, isGood ? {} : { 'www-authenticate': CHALLENGE }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const network = { allow: ['127.0.0.1'], requireHttps: false, proxy: null, ca: null };
  sender = createSender({ network });
});
afterAll(async () => {
  await sender.close();
  await new Promise((done) => server.close(done));
});

test('requests that were given the same nonce at the same time count on together', async () => {
  const clock = createClock(async () => Date.now());
  const { send } = createAuthorizedSending({ sender, clock, version: '1.2.3', timeout: 5000 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const request = { method: 'POST' as const, url, headers: {}, body: '{}' };
  const settings = {
    kind: 'digest' as const,
    name: 'A',
    description: '',
    allowedHosts: [],
    username: 'ada',
    password: 'secret',
  };
  const all = await Promise.all([1, 2, 3, 4].map(() => send(request, settings, LIMITS)));
  expect(all.map(({ outcome }) => outcome)).toMatchObject(Array(4).fill({ status: 200 }));
  expect([...used].sort()).toEqual(['00000001', '00000002', '00000003', '00000004']);
});
