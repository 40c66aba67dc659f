/** One call to a real receiver: every possible end is an outcome, and none disturbs the next call. */
import { getEventListeners } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  createSender,
  type Sender,
  type SenderOptions,
} from '../../../server/send/http/send.service';
import { type Receiver, startReceiver } from '../../support/receiver';

const NETWORK = { allow: ['127.0.0.1'], requireHttps: false, proxy: null, ca: null };
const LIMITS = { timeout: 5000, maxResponseBytes: 1000 };

let receiver: Receiver;
let sender: Sender;
const others: Sender[] = [];
const rawServers: { stop(): Promise<unknown> }[] = [];

const another = (options: Partial<SenderOptions['network']>) => {
  const made = createSender({ network: { ...NETWORK, ...options } });
  others.push(made);
  return made;
};

const post = (url: string, headers: Record<string, string> = {}) => ({
  method: 'POST' as const,
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: '{"title":"Grüße"}',
});

beforeEach(async () => {
  receiver = await startReceiver();
  sender = another({});
});

afterEach(async () => {
  await Promise.all(others.splice(0).map((each) => each.close()));
  await Promise.all(rawServers.splice(0).map((each) => each.stop()));
  await receiver.stop();
});

/** Speaks raw TCP, for answers that no HTTP library would give. */
const startRaw = async (onSocket: (socket: net.Socket) => void) => {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  rawServers.push({
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((done) => server.close(done));
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets };
};

/** Never resolves, and so fails the test, while a socket stays open. */
const allClosed = (sockets: Set<net.Socket>) =>
  Promise.all(
    [...sockets].map(
      (socket) => socket.destroyed || new Promise((done) => socket.once('close', done)),
    ),
  );

describe('an answer', () => {
  it('is returned with status, headers and body', async () => {
    receiver.on('/hook').answer({ status: 201, headers: { 'X-Trace': 'abc' }, body: 'thank you' });

    const outcome = await sender.send(post(receiver.url('/hook?key=1')), LIMITS);

    expect(outcome).toMatchObject({
      kind: 'answered',
      status: 201,
      headers: { 'x-trace': 'abc' },
      body: 'thank you',
      isTruncated: false,
      ms: expect.any(Number),
    });
  });

  it('is given to exactly the request that was asked for', async () => {
    await sender.send(post(receiver.url('/hook?key=1'), { 'webhook-id': 'evt_1' }), LIMITS);

    const [received] = receiver.requests;
    expect(received).toMatchObject({
      method: 'POST',
      path: '/hook',
      query: { key: '1' },
      body: '{"title":"Grüße"}',
    });
    expect(Object.keys(received?.headers ?? {}).sort()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
      'webhook-id',
    ]);
  });

  it.each([400, 410, 429, 500, 503])('of status %d is an answer too', async (status) => {
    receiver.on('/').answer(status);
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({
      kind: 'answered',
      status,
    });
  });

  it('that redirects is not followed, so a secret header stays here', async () => {
    const elsewhere = await startReceiver();
    receiver.on('/').answer({ redirect: elsewhere.url('/stolen') });

    const outcome = await sender.send(post(receiver.url(), { 'x-api-key': 'canary' }), LIMITS);

    expect(outcome).toMatchObject({ kind: 'answered', status: 302 });
    expect(receiver.requests).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
  });

  it('of 50 MB still counts, and only its beginning is read', async () => {
    receiver.on('/').answer('huge', 200);

    const outcome = await sender.send(post(receiver.url()), LIMITS);

    expect(outcome).toMatchObject({ kind: 'answered', status: 200, isTruncated: true });
    expect(outcome.kind === 'answered' && outcome.body).toBe('x'.repeat(1000));
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({ status: 200 });
  });

  it('that goes on for ever is not listened to for ever', async () => {
    const raw = await startRaw((socket) =>
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(2000)}`)),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ isTruncated: true });
    await allClosed(raw.sockets);
  });

  it('is read in the encoding that its header names', async () => {
    const raw = await startRaw((socket) =>
      socket.once('data', () =>
        socket.end(
          'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nGröße',
          'latin1',
        ),
      ),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ body: 'Größe' });
  });

  it.each([200, 410, 500])(
    'of status %d with an endless body counts at the deadline, with the body so far',
    async (status) => {
      const raw = await startRaw((socket) =>
        socket.once('data', () => socket.write(`HTTP/1.1 ${status} X\r\nx-trace: a\r\n\r\nsome`)),
      );
      expect(await sender.send(post(raw.url), { ...LIMITS, timeout: 300 })).toMatchObject({
        kind: 'answered',
        status,
        headers: { 'x-trace': 'a' },
        body: 'some',
        isTruncated: true,
        cutBy: 'deadline',
      });
      await allClosed(raw.sockets);
    },
  );

  it.each([
    ['ends early', 'content-length: 100\r\n\r\nhalf'],
    ['is not chunked as it says', 'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense'],
    ['ends between two chunks', 'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('whose body %s counts, with what came of it', async (_what, rest) => {
    const raw = await startRaw((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`)),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'half',
      isTruncated: true,
      cutBy: 'connection',
    });
  });

  it('whose connection is reset in the middle of the body counts, and is not asked for again', async () => {
    let requests = 0;
    const raw = await startRaw((socket) =>
      socket.on('data', () => {
        requests += 1;
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () =>
          setTimeout(() => socket.resetAndDestroy(), 50),
        );
      }),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ status: 200, body: 'half' });
    expect(requests).toBe(1);
  });

  it('after "103 Early Hints" is the final one', async () => {
    const raw = await startRaw((socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok',
        ),
      ),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ status: 202, body: 'ok' });
  });

  it('is not decompressed, so a small one cannot unfold into a huge one', async () => {
    receiver
      .on('/')
      .answer({ status: 200, headers: { 'content-encoding': 'gzip' }, body: 'not gzip at all' });
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({
      status: 200,
      body: 'not gzip at all',
    });
  });
});

describe('a call that gets no answer', () => {
  it('ends at the deadline', async () => {
    receiver.on('/').answer('hang');
    expect(await sender.send(post(receiver.url()), { ...LIMITS, timeout: 400 })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      message: 'The receiver did not answer completely within 400 ms.',
    });
  });

  it('ends at the deadline while the connection is still being made', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const waiting = createSender({ network: NETWORK, resolve });
    others.push(waiting);
    const limits = { ...LIMITS, timeout: 200 };
    const url = 'http://receiver.example/';
    expect(await waiting.send(post(url), limits)).toMatchObject({ reason: 'timeout' });
  });

  it('lets go of the connection at the deadline', async () => {
    const raw = await startRaw((socket) => socket.resume());
    await sender.send(post(raw.url), { ...LIMITS, timeout: 200 });
    await allClosed(raw.sockets);
  });

  it('fails with "connection" when the receiver resets, and is not sent again', async () => {
    receiver.on('/').answer('reset');
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({
      kind: 'failed',
      reason: 'connection',
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('fails with "connection" when the port is closed', async () => {
    const url = receiver.url();
    await receiver.stop();
    expect(await sender.send(post(url), LIMITS)).toMatchObject({
      kind: 'failed',
      reason: 'connection',
      message: expect.stringContaining('nothing listens'),
    });
    receiver = await startReceiver();
  });

  it('fails with "connection" when the answer is no HTTP', async () => {
    const raw = await startRaw((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({
      reason: 'connection',
      message: expect.stringContaining('not HTTP'),
    });
  });

  it('fails with "connection" when the answer breaks off before its headers are complete', async () => {
    const raw = await startRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n')),
    );
    expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ reason: 'connection' });
  });

  it('fails with "aborted" when we stop it, before or during the call', async () => {
    receiver.on('/').answer('hang');
    const stop = new AbortController();
    const call = sender.send(post(receiver.url()), { ...LIMITS, signal: stop.signal });
    await receiver.waitFor(1);
    stop.abort();
    expect(await call).toMatchObject({ kind: 'failed', reason: 'aborted' });
    expect(
      await sender.send(post(receiver.url()), { ...LIMITS, signal: stop.signal }),
    ).toMatchObject({ kind: 'failed', reason: 'aborted' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('fails rather than throws when a header cannot be sent', async () => {
    const request = post(receiver.url(), { 'transfer-encoding': 'chunked' });
    expect(await sender.send(request, LIMITS)).toMatchObject({
      kind: 'failed',
      reason: 'connection',
    });
    expect(receiver.requests).toEqual([]);
  });

  it('fails rather than throws after close', async () => {
    await sender.close();
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({ kind: 'failed' });
  });
});

/** undici lets a socket rest for one turn of the event loop before it uses it again. */
const turn = async () => {
  for (let count = 0; count < 2; count += 1) await new Promise((done) => setImmediate(done));
};

describe('connections', () => {
  it('are kept and used again', async () => {
    const raw = await startRaw((socket) =>
      socket.on('data', (data) => {
        if (data.includes('title')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      }),
    );
    for (let count = 0; count < 3; count += 1) {
      expect(await sender.send(post(raw.url), LIMITS)).toMatchObject({ status: 200 });
      await turn();
    }
    expect(raw.sockets.size).toBe(1);
  });

  it('that died while idle are replaced at once, and the request arrives', async () => {
    receiver.on('/').answer(200, 'reset', 202);
    await sender.send(post(receiver.url()), LIMITS);
    await turn();
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({ status: 202 });
  });

  it('are replaced once only', async () => {
    receiver.on('/').answer(200, 'reset');
    await sender.send(post(receiver.url()), LIMITS);
    await turn();
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({ reason: 'connection' });
    expect(receiver.requests).toHaveLength(3);
  });

  it('are replaced once only, even if a second one had died as well', async () => {
    const slow = { status: 200, delayMs: 100 };
    receiver.on('/').answer(slow, slow, 'reset', 'reset', 202);
    const both = [post(receiver.url()), post(receiver.url())];
    await Promise.all(both.map((request) => sender.send(request, LIMITS)));
    await turn();
    expect(await sender.send(post(receiver.url()), LIMITS)).toMatchObject({ reason: 'connection' });
    expect(receiver.requests).toHaveLength(4);
  });

  it('that hang delay no other call, not even to the same receiver', async () => {
    receiver.on('/hang').answer('hang');
    const stop = new AbortController();
    const hanging = Array.from({ length: 20 }, () =>
      sender.send(post(receiver.url('/hang')), { ...LIMITS, signal: stop.signal }),
    );
    await receiver.waitFor(20, { path: '/hang' });
    expect(await sender.send(post(receiver.url('/fine')), LIMITS)).toMatchObject({ status: 200 });
    stop.abort();
    const outcomes = await Promise.all(hanging);
    expect(outcomes.every((each) => each.kind === 'failed' && each.reason === 'aborted')).toBe(
      true,
    );
  });
});

it('many calls may share one stop signal, and leave nothing behind on it', async () => {
  const { signal } = new AbortController();
  const calls = Array.from({ length: 30 }, () =>
    sender.send(post(receiver.url()), { ...LIMITS, signal }),
  );
  expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
  await Promise.all(calls);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
