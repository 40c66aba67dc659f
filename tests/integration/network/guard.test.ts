/** The address guard at the socket, independent of names and URLs. */
import { parseAllow, BlockedError } from '../../../server/send/http/address';
import {
  createGuardedConnector,
  type Resolve,
} from '../../../server/send/http/connections.service';
import { createSender, type Sender } from '../../../server/send/http/send.service';
import { type Receiver, startReceiver } from '../../support/receiver';

const NETWORK = { allow: [] as string[], requireHttps: false, proxy: null, ca: null };
const LIMITS = { timeout: 5000, maxResponseBytes: 1000 };

let receiver: Receiver;
let port: string;
const senders: Sender[] = [];

beforeEach(async () => {
  receiver = await startReceiver();
  port = new URL(receiver.url()).port;
});

afterEach(async () => {
  await Promise.all(senders.splice(0).map((each) => each.close()));
  await receiver.stop();
});

const senderWith = (allow: string[], resolve?: Resolve) => {
  const sender = createSender({ network: { ...NETWORK, allow }, ...(resolve ? { resolve } : {}) });
  senders.push(sender);
  return sender;
};

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const send = (sender: Sender, url: string) =>
  sender.send(
    { method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'x' },
    LIMITS,
  );

describe('a call that is not allowed', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f000001',
    '127.1',
    '127.0.0.1.',
    '１２７.０.０.１',
    '0',
    '[::ffff:7f00:1]',
    '[::1]',
    '[::]',
    'localhost',
    'localhost.',
    'any.localhost',
  ])('is blocked before any request to the receiver: %s', async (host) => {
    const outcome = await send(senderWith([]), `http://${host}:${port}/`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'blocked' });
    expect(receiver.requests).toEqual([]);
  });

  it.each(['http://example.com@127.0.0.1', 'gopher://127.0.0.1', 'ftp://127.0.0.1'])(
    'is a bad URL: %s',
    async (start) => {
      const outcome = await send(senderWith(['127.0.0.1']), `${start}:${port}/`);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'badUrl' });
      expect(receiver.requests).toEqual([]);
    },
  );

  it('is blocked when its name leads to a private address', async () => {
    const sender = senderWith([], answering('127.0.0.1'));
    const outcome = await send(sender, `http://innocent.example:${port}/`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'blocked' });
    expect(outcome.kind === 'failed' && outcome.message).toContain(
      'innocent.example leads to 127.0.0.1, a private or local address',
    );
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::ffff:127.0.0.1']],
  ])('is blocked when one address among several is private: %j', async (addresses) => {
    const sender = senderWith([], answering(...addresses));
    expect(await send(sender, `http://mixed.example:${port}/`)).toMatchObject({
      reason: 'blocked',
    });
    expect(receiver.requests).toEqual([]);
  });

  it('stays blocked when asked again', async () => {
    const sender = senderWith([], answering('127.0.0.1'));
    const url = `http://innocent.example:${port}/`;
    await send(sender, url);
    expect(await send(sender, url)).toMatchObject({ reason: 'blocked' });
  });
});

describe('the connector, should anything else have let an address pass', () => {
  it.each(['127.0.0.1', '::1', 'localhost', 'localhost.'])(
    'refuses %s itself',
    async (hostname) => {
      const connect = createGuardedConnector({
        allow: parseAllow([]),
        resolve: answering('127.0.0.1'),
      });
      const error = await new Promise((done) =>
        connect(
          { hostname, host: `${hostname}:${port}`, protocol: 'http:', port },
          (...[refusal]) => done(refusal),
        ),
      );
      expect(error).toBeInstanceOf(BlockedError);
    },
  );
});

describe('a name whose addresses change with every question', () => {
  it('is asked once per connection: what was checked is what is called', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    const sender = senderWith(['127.0.0.1'], rebinding);
    const url = `http://rebinding.example:${port}/`;
    expect(await send(sender, url)).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toBe(1);
    expect(receiver.requests[0]?.headers.host).toBe(`rebinding.example:${port}`);
  });

  it('is checked again for every new connection', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const sender = senderWith(['127.0.0.1'], rebinding);
    receiver.on('/').answer({ status: 200, headers: { connection: 'close' } });
    const url = `http://rebinding.example:${port}/`;
    expect(await send(sender, url)).toMatchObject({ status: 200 });
    expect(await send(sender, url)).toMatchObject({ reason: 'blocked' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('that is public at save time and private later is blocked at the call', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '8.8.8.8' : '127.0.0.1', family: 4 }];
    };
    const sender = senderWith([], rebinding);
    const url = `http://rebinding.example:${port}/`;
    expect(await sender.checkUrl(url)).toBeNull();
    expect(await send(sender, url)).toMatchObject({ reason: 'blocked' });
    expect(receiver.requests).toEqual([]);
  });
});

describe('the allow-list', () => {
  it('opens an address in every spelling', async () => {
    const sender = senderWith(['127.0.0.0/8']);
    for (const host of ['127.0.0.1', '2130706433', '127.1']) {
      expect(await send(sender, `http://${host}:${port}/`)).toMatchObject({ status: 200 });
    }
  });

  it('allows a host by name with any address, and no other host', async () => {
    const sender = senderWith(['receiver.internal', 'localhost'], answering('127.0.0.1'));
    expect(await send(sender, `http://receiver.internal:${port}/`)).toMatchObject({ status: 200 });
    expect(await send(sender, `http://localhost:${port}/`)).toMatchObject({ status: 200 });
    expect(await send(sender, `http://other.internal:${port}/`)).toMatchObject({
      reason: 'blocked',
    });
    expect(await send(sender, receiver.url())).toMatchObject({ reason: 'blocked' });
  });

  it('with a bad entry is refused at once', () => {
    expect(() => senderWith(['not a host'])).toThrow('network.allow holds "not a host"');
  });
});

describe('a URL that is about to be saved', () => {
  it('is refused when it is private, whether written out or by name', async () => {
    const sender = senderWith([], answering('8.8.8.8', '10.0.0.5'));
    expect(await sender.checkUrl('http://127.1/')).toContain('127.0.0.1 is a private');
    expect(await sender.checkUrl('https://intranet.example/')).toContain('leads to 10.0.0.5');
  });

  it('is accepted when it is public', async () => {
    expect(await senderWith([], answering('8.8.8.8')).checkUrl('https://fine.example/')).toBeNull();
    expect(await senderWith([]).checkUrl('https://8.8.8.8/')).toBeNull();
  });

  it('is accepted while its name does not exist yet, or cannot be looked up', async () => {
    const unknown: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    expect(await senderWith([], unknown).checkUrl('https://soon.example/')).toBeNull();
    const silent: Resolve = () => new Promise(() => undefined);
    expect(await senderWith([], silent).checkUrl('https://soon.example/')).toBeNull();
  });

  it('is refused without https where the project requires it, and so is the call', async () => {
    const strict = createSender({
      network: { ...NETWORK, allow: ['127.0.0.1'], requireHttps: true },
    });
    senders.push(strict);
    expect(await strict.checkUrl(receiver.url())).toContain('https://');
    expect(await send(strict, receiver.url())).toMatchObject({ reason: 'badUrl' });
    expect(receiver.requests).toEqual([]);
  });
});
