/** TLS with the project's own authority, and calls through the project's proxy. */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { createSender, type Sender } from '../../../server/send/http/send.service';
import { makeAuthority } from '../../support/authorities';
import { CERTIFICATE, KEY } from '../../support/certificate';
import { type Receiver, startReceiver } from '../../support/receiver';

const NETWORK = { allow: ['127.0.0.1'], requireHttps: false, proxy: null, ca: null };
const LIMITS = { timeout: 5000, maxResponseBytes: 1000 };

const senders: Sender[] = [];
const senderWith = (network: Partial<Parameters<typeof createSender>[0]['network']>) => {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const sender = createSender({ network: { ...NETWORK, ...network }, resolve });
  senders.push(sender);
  return sender;
};

const send = (sender: Sender, url: string) =>
  sender.send(
    { method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'x' },
    LIMITS,
  );

const listen = async (server: net.Server) => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

const closed = (server: http.Server | https.Server) =>
  new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });

afterEach(async () => {
  await Promise.all(senders.splice(0).map((each) => each.close()));
});

describe('a receiver with a certificate', () => {
  const servernames: (string | false | null)[] = [];
  let server: https.Server;
  let port: number;
  const ca = CERTIFICATE;

  beforeAll(async () => {
    server = https.createServer({ key: KEY, cert: CERTIFICATE }, (incoming, answer) => {
      servernames.push((incoming.socket as unknown as { servername: string }).servername);
      answer.end('secret kept');
    });
    port = await listen(server);
  });

  afterAll(async () => {
    await closed(server);
  });

  it('is called when its authority is in network.ca', async () => {
    const sender = senderWith({ ca, allow: ['secure.example'], requireHttps: true });
    expect(await send(sender, `https://secure.example:${port}/`)).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'secret kept',
    });
    expect(servernames).toEqual(['secure.example']);
  });

  it('is not called if its certificate is not trusted', async () => {
    const sender = senderWith({ allow: ['secure.example'] });
    expect(await send(sender, `https://secure.example:${port}/`)).toMatchObject({
      reason: 'connection',
      message: expect.stringContaining('network.ca'),
    });
  });

  it('is not called under another name than the certificate has', async () => {
    const sender = senderWith({ ca, allow: ['127.0.0.1'] });
    for (const host of ['other.example', '127.0.0.1']) {
      expect(await send(sender, `https://${host}:${port}/`)).toMatchObject({
        reason: 'connection',
        message: expect.stringContaining('another host name'),
      });
    }
  });
});

describe('a receiver that TLS cannot be spoken with', () => {
  const servers: net.Server[] = [];
  const day = 24 * 60 * 60 * 1000;
  const authority = makeAuthority('Authority of this test');
  const issued = (wish: object = {}) => {
    const { certificate: cert, key } = authority.issue({
      name: 'x',
      hosts: ['secure.example'],
      ...wish,
    });
    return { cert, key };
  };
  const sockets = new Set<net.Socket>();
  const at = async (server: net.Server) => {
    servers.push(server.on('connection', (socket: net.Socket) => sockets.add(socket)));
    return `https://secure.example:${await listen(server)}/`;
  };
  const sentTo = async (server: net.Server) => {
    const ca = authority.certificate;
    const outcome = await send(senderWith({ ca, allow: ['secure.example'] }), await at(server));
    return outcome.kind === 'failed' ? outcome.message : outcome.kind;
  };

  afterEach(async () => {
    await Promise.all(senders.splice(0).map((each) => each.close()));
    sockets.forEach((socket) => socket.destroy());
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  });

  it.each<[string, () => net.Server, RegExp]>([
    ['speaks HTTP', () => http.createServer(), /does not speak TLS at this port.*\(ERR_SSL_\w+\)$/],
    [
      'speaks something else',
      () => net.createServer((socket) => socket.on('error', () => undefined).end('220 mail\r\n')),
      /does not speak TLS at this port/,
    ],
    [
      'closes in the handshake',
      () => net.createServer((socket) => void socket.once('data', () => socket.destroy())),
      /closed the connection/,
    ],
    [
      'has an expired certificate',
      () =>
        https.createServer(
          issued({
            validFrom: new Date(Date.now() - 9 * day),
            validTo: new Date(Date.now() - day),
          }),
        ),
      /has expired\. \(CERT_HAS_EXPIRED\)/,
    ],
    [
      'has a certificate of tomorrow',
      () => https.createServer(issued({ validFrom: new Date(Date.now() + day) })),
      /not valid yet.*\(CERT_NOT_YET_VALID\)/,
    ],
    [
      'has a certificate signed by itself',
      () => https.createServer({ cert: CERTIFICATE, key: KEY }),
      /signed by itself.*network\.ca.*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'has a certificate for another host',
      () => https.createServer(issued({ hosts: ['other.example'] })),
      /another host name.*\(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    ],
    [
      'speaks an old TLS only',
      () => https.createServer({ ...issued(), minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
      /TLS 1\.2.*\(ERR_SSL_\w+\)/,
    ],
    [
      'wants a client certificate',
      () =>
        https.createServer({
          ...issued(),
          maxVersion: 'TLSv1.2',
          requestCert: true,
          rejectUnauthorized: true,
        }),
      /client certificate.*\(ERR_SSL_\w+\)/,
    ],
  ])('is described in a plain sentence: it %s', async (_what, server, sentence) => {
    const message = await sentTo(server());
    expect(message).toMatch(sentence);
    expect(message).not.toMatch(/routines|error:|openssl|\n/);
  });
});

it.each(['/etc/ssl/own.pem', '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----'])(
  'says what is wrong with a network.ca that is no certificate: %j',
  (ca) => {
    expect(() => senderWith({ ca })).toThrow('network.ca cannot be read');
  },
);

describe('a proxy', () => {
  const asked: string[] = [];
  let receiver: Receiver;
  let proxy: http.Server;
  let url: string;

  beforeEach(async () => {
    asked.length = 0;
    receiver = await startReceiver();
    const target = Number(new URL(receiver.url()).port);
    proxy = http
      .createServer()
      .on('connect', (request: http.IncomingMessage, client: net.Socket) => {
        asked.push(request.url ?? '');
        const upstream = net.connect(target, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on('error', () => client.destroy());
        client.on('error', () => upstream.destroy());
        client.on('close', () => upstream.destroy());
      });
    url = `http://127.0.0.1:${await listen(proxy)}`;
  });

  afterEach(async () => {
    await Promise.all(senders.splice(0).map((each) => each.close()));
    await receiver.stop();
    await closed(proxy);
  });

  it('is asked for the host by name, which it resolves by itself', async () => {
    const sender = senderWith({ proxy: url, allow: [] });
    expect(await send(sender, 'http://far.example/hook')).toMatchObject({ status: 200 });
    expect(asked).toEqual(['far.example:80']);
    expect(receiver.requests).toMatchObject([
      { path: '/hook', headers: { host: 'far.example' }, body: 'x' },
    ]);
  });

  it.each(['http://127.0.0.1/', 'http://[::1]/', 'http://localhost/', 'http://2130706433/'])(
    'is not even asked for %s',
    async (private_) => {
      const sender = senderWith({ proxy: url, allow: [] });
      expect(await send(sender, private_)).toMatchObject({ reason: 'blocked' });
      expect(asked).toEqual([]);
    },
  );

  it('needs a URL that is one', () => {
    expect(() => senderWith({ proxy: 'proxy.internal' })).toThrow('network.proxy is no proxy URL');
    expect(() => senderWith({ proxy: 'socks5://proxy.internal' })).toThrow('network.proxy');
  });
});
