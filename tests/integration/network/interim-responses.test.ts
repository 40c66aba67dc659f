/** Interim responses (1xx, RFC 9110, 15.2): a receiver may send any number of them, unrequested, before its answer. */
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createSender, type Sender } from '../../../server/send/http/send.service';
import { CERTIFICATE, KEY } from '../../support/certificate';

const NETWORK = {
  allow: ['127.0.0.1', 'secure.example'],
  requireHttps: false,
  proxy: null,
  ca: CERTIFICATE,
};
const LIMITS = { timeout: 5000, maxResponseBytes: 1000 };
const FINAL = 'HTTP/1.1 202 Accepted\r\nx-trace: abc\r\ncontent-length: 2\r\n\r\nok';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const accepted = { kind: 'answered', status: 202, headers: { 'x-trace': 'abc' }, body: 'ok' };

const senders: Sender[] = [];
const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();

const senderWith = (network: Partial<typeof NETWORK> | { proxy: string } = {}) => {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const sender = createSender({ network: { ...NETWORK, ...network }, resolve });
  senders.push(sender);
  return sender;
};

const post = (url: string) => ({
  method: 'POST' as const,
  url,
  headers: {},
  body: '{"title":"x"}',
});

afterEach(async () => {
  await Promise.all(senders.splice(0).map((each) => each.close()));
  sockets.forEach((socket) => socket.destroy());
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

type Serve = (socket: net.Socket, requests: number) => void;

/** Calls `serve` for each request, with how many this connection has brought. */
const startRaw = async (serve: Serve, { isTls = false } = {}) => {
  const onSocket = (socket: net.Socket) => {
    let requests = 0;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (data.includes('title')) serve(socket, (requests += 1));
    });
  };
  const server = isTls
    ? tls.createServer({ key: KEY, cert: CERTIFICATE }, onSocket)
    : net.createServer(onSocket);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

const sent = async (serve: Serve, sender = senderWith()) =>
  sender.send(post(`http://127.0.0.1:${await startRaw(serve)}/`), LIMITS);

const writes =
  (...parts: (string | Buffer)[]): Serve =>
  (socket) => {
    // Each part is a packet of its own: the next is written when the one before has left.
    const next = ([first, ...rest]: (string | Buffer)[]) => {
      if (first !== undefined) socket.write(first, () => setImmediate(next, rest));
    };
    next(parts);
  };

const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\nlink: </b>\r\n\r\n';

describe('an answer is understood', () => {
  it.each([
    ['after "100 Continue"', CONTINUE],
    [
      'after "100 Continue" with headers',
      'HTTP/1.1 100 Continue\r\nServer: IIS\r\nDate: x\r\n\r\n',
    ],
    ['after "100" without a reason', 'HTTP/1.1 100\r\n\r\n'],
    ['after "100 Continue" of an old proxy', 'HTTP/1.0 100 Continue\r\n\r\n'],
    ['after "100 Continue" that would close', 'HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n'],
    ['after bare line feeds', 'HTTP/1.1 100 Continue\nServer: x\n\n'],
    ['after "102 Processing"', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['after "103 Early Hints"', EARLY_HINTS],
    ['after an unknown 1xx', 'HTTP/1.1 199 Whatever\r\n\r\n'],
    ['after several', CONTINUE + EARLY_HINTS + 'HTTP/1.1 102 Processing\r\n\r\n' + CONTINUE],
    ['after an empty line', '\r\n' + CONTINUE + '\r\n'],
  ])('%s', async (_what, interim) => {
    expect(await sent(writes(interim + FINAL))).toMatchObject(accepted);
    expect(await sent(writes(interim, FINAL))).toMatchObject(accepted);
  });

  it('when every byte comes in a packet of its own', async () => {
    const all = Buffer.from(CONTINUE + EARLY_HINTS + FINAL);
    const bytes = Array.from(all, (byte) => Buffer.from([byte]));
    expect(await sent(writes(...bytes))).toMatchObject(accepted);
  });

  it('wherever the packets are divided', async () => {
    const all = CONTINUE + EARLY_HINTS + FINAL;
    const sender = senderWith();
    let at = 0;
    const port = await startRaw((socket) => writes(all.slice(0, at), all.slice(at))(socket, 0));
    for (at = 1; at < all.length; at += 1)
      expect(await sender.send(post(`http://127.0.0.1:${port}/`), LIMITS)).toMatchObject(accepted);
  });

  it('over TLS', async () => {
    const port = await startRaw(writes(CONTINUE, FINAL), { isTls: true });
    const url = `https://secure.example:${port}/`;
    expect(await senderWith().send(post(url), LIMITS)).toMatchObject(accepted);
  });

  it('through a proxy, and where the proxy sends one itself', async () => {
    const target = await startRaw(writes(CONTINUE, FINAL));
    const proxy = net.createServer((client) => {
      sockets.add(client);
      client.once('data', () => {
        const upstream = net.connect(target, '127.0.0.1', () => {
          client.write(`${CONTINUE}HTTP/1.1 200 Connection Established\r\n\r\n`);
          upstream.pipe(client).pipe(upstream);
        });
        client.on('error', () => upstream.destroy());
        upstream.on('error', () => client.destroy());
      });
    });
    servers.push(proxy);
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const sender = senderWith({
      proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
    expect(await sender.send(post('http://far.example/'), LIMITS)).toMatchObject(accepted);
  });
});

/** undici lets a socket rest for one turn of the event loop before it uses it again. */
const turn = async () => {
  for (let count = 0; count < 2; count += 1) await new Promise((done) => setImmediate(done));
};

describe('the connection', () => {
  it('is kept, and the next answer may have interim responses too', async () => {
    const sender = senderWith();
    const port = await startRaw(writes(CONTINUE, EARLY_HINTS, FINAL));
    for (let count = 0; count < 4; count += 1) {
      expect(await sender.send(post(`http://127.0.0.1:${port}/`), LIMITS)).toMatchObject(accepted);
      await turn();
    }
    expect(sockets.size).toBe(1);
  });

  it('that ends after "100 Continue" is not tried again uncounted: the request had come', async () => {
    let requests = 0;
    const port = await startRaw((socket, count) => {
      requests += 1;
      if (count === 1) socket.write(FINAL);
      else socket.write(CONTINUE, () => setImmediate(() => socket.resetAndDestroy()));
    });
    const sender = senderWith();
    const url = `http://127.0.0.1:${port}/`;
    await sender.send(post(url), LIMITS);
    await turn();
    expect(await sender.send(post(url), LIMITS)).toMatchObject({ reason: 'connection' });
    expect(requests).toBe(2);
  });
});

describe('a body', () => {
  it('that looks like an interim response is left as it is', async () => {
    const body = `${CONTINUE}${EARLY_HINTS}`;
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    for (const parts of [[head + body], [CONTINUE, head, body]])
      expect(await sent(writes(...parts))).toMatchObject({ status: 200, body });
  });
});

describe('a response without an answer', () => {
  it('interim responses without an end fail, and are not read until the deadline', async () => {
    const outcome = await sent((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(EARLY_HINTS.repeat(100)));
      };
      socket.on('drain', pour);
      pour();
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'connection',
      message: expect.stringContaining('interim responses (1xx)'),
    });
  });

  it('an interim response alone is no answer', async () => {
    expect(await sent((socket) => socket.end(CONTINUE))).toMatchObject({
      kind: 'failed',
      reason: 'connection',
    });
  });

  it('"101 Switching Protocols" fails with that reason, because it was not requested', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    expect(await sent(writes(upgrade))).toMatchObject({
      kind: 'failed',
      reason: 'connection',
      message: expect.stringContaining('101'),
    });
  });

  it('a few bytes that only begin like one are still called no HTTP', async () => {
    expect(await sent((socket) => socket.end('HTTP/9\r\n\r\n'))).toMatchObject({
      reason: 'connection',
      message: expect.stringContaining('not HTTP'),
    });
  });
});
