/** The addresses and hosts that the guard refuses, however they are written. */
import {
  addressProblem,
  hostProblem,
  parseAllow,
  resolvedProblem,
  parseUrl,
} from '../../../server/send/http/address';

const none = parseAllow([]);

const refusedAddresses: [string, string][] = [
  ['loopback', '127.0.0.1'],
  ['the end of the loopback network', '127.255.255.254'],
  ['private 10/8', '10.1.2.3'],
  ['private 172.16/12', '172.16.0.1'],
  ['the end of 172.16/12', '172.31.255.255'],
  ['private 192.168/16', '192.168.1.1'],
  ['link-local', '169.254.0.1'],
  ['cloud metadata', '169.254.169.254'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['the end of carrier-grade NAT', '100.127.255.255'],
  ['this network', '0.0.0.0'],
  ['the end of this network', '0.255.255.255'],
  ['IETF protocols', '192.0.0.192'],
  ['documentation', '192.0.2.1'],
  ['documentation, second', '198.51.100.1'],
  ['documentation, third', '203.0.113.1'],
  ['benchmarks', '198.18.0.1'],
  ['the end of benchmarks', '198.19.255.255'],
  ['multicast', '224.0.0.1'],
  ['the end of multicast', '239.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['Azure services', '168.63.129.16'],
  ['Alibaba metadata', '100.100.100.200'],
  ['IPv6 loopback', '::1'],
  ['IPv6 unspecified', '::'],
  ['IPv4-mapped loopback', '::ffff:7f00:1'],
  ['IPv4-mapped loopback with dots', '::ffff:127.0.0.1'],
  ['IPv4-mapped private', '::ffff:10.0.0.1'],
  ['IPv4-mapped Azure services', '::ffff:168.63.129.16'],
  ['IPv4-compatible loopback', '::127.0.0.1'],
  ['IPv4-compatible public', '::8.8.8.8'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a public address', '64:ff9b::808:808'],
  ['local NAT64', '64:ff9b:1::7f00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::1'],
  ['IPv6 link-local', 'fe80::1'],
  ['IPv6 link-local with a zone', 'fe80::1%eth0'],
  ['IPv6 site-local', 'fec0::1'],
  ['IPv6 unique local fc', 'fc00::1'],
  ['IPv6 unique local fd', 'fdff:ffff::1'],
  ['AWS metadata over IPv6', 'fd00:ec2::254'],
  ['IPv6 multicast', 'ff02::1'],
  ['IPv6 discard', '100::1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['IPv6 never given out', '4000::1'],
  ['no address at all', 'an unknown address'],
];

describe('an address', () => {
  it.each(refusedAddresses)('is refused: %s (%s)', (_name, address) => {
    expect(addressProblem(address, none)).toEqual(expect.stringContaining(address));
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '198.17.255.255',
    '168.63.129.17',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
  ])('is allowed when public: %s', (address) => {
    expect(addressProblem(address, none)).toBeNull();
  });

  it('is refused in words that say why and what to do', () => {
    expect(addressProblem('127.0.0.1', none)).toBe(
      '127.0.0.1 is a private or local address, and webhooks may not call those. If this receiver is yours, a developer can allow it: network.allow in config/plugins.',
    );
  });
});

const refusedUrls: [string, string][] = [
  ['dotted', 'http://127.0.0.1/'],
  ['decimal', 'http://2130706433/'],
  ['octal', 'http://0177.0.0.1/'],
  ['one octal number', 'http://017700000001/'],
  ['hexadecimal', 'http://0x7f000001/'],
  ['hexadecimal parts', 'http://0x7f.0x0.0x0.0x1/'],
  ['short', 'http://127.1/'],
  ['shorter', 'http://0/'],
  ['trailing dot', 'http://127.0.0.1./'],
  ['full-width digits', 'http://１２７.０.０.１/'],
  ['circled digits', 'http://①②⑦.⓪.⓪.①/'],
  ['ideographic full stops', 'http://127。0。0。1/'],
  ['percent-encoded', 'http://%31%32%37.0.0.1/'],
  ['private, decimal', 'http://3232235777/'],
  ['metadata, hexadecimal', 'http://0xa9fea9fe/latest/meta-data/'],
  ['IPv6 loopback', 'http://[::1]/'],
  ['IPv6 loopback, long', 'http://[0:0:0:0:0:0:0:1]/'],
  ['IPv6 unspecified', 'http://[::]/'],
  ['IPv4-mapped', 'http://[::ffff:7f00:1]/'],
  ['IPv4-mapped with dots', 'http://[::ffff:127.0.0.1]/'],
  ['IPv4-compatible', 'http://[::127.0.0.1]/'],
  ['NAT64', 'http://[64:ff9b::7f00:1]/'],
  ['local NAT64', 'http://[64:ff9b:1::1]/'],
  ['6to4', 'http://[2002:7f00:1::]/'],
  ['IPv6 link-local', 'http://[fe80::1]/'],
  ['IPv6 unique local', 'http://[fc00::1]/'],
  ['AWS metadata over IPv6', 'http://[fd00:ec2::254]/'],
  ['localhost', 'http://localhost:1337/'],
  ['localhost in capitals', 'http://LOCALHOST/'],
  ['localhost, trailing dot', 'http://localhost./'],
  ['localhost, full-width', 'http://ｌｏｃａｌｈｏｓｔ/'],
  ['under localhost', 'http://any.localhost/'],
  ['Google metadata', 'http://metadata.google.internal/computeMetadata/v1/'],
  ['Google metadata, trailing dot', 'http://Metadata.Google.Internal./'],
  ['a public name in the fragment', 'http://127.0.0.1#@example.com/'],
  ['a public name in the query', 'http://127.0.0.1?@example.com/'],
  ['a public name behind a backslash', 'http://127.0.0.1\\@example.com/'],
  ['a public name in the path', 'https://10.0.0.1/example.com'],
  ['a tab inside', 'http://127.0\t.0.1/'],
];

const badUrls: [string, string][] = [
  ['a user name', 'https://user@example.com/'],
  ['a password', 'https://:secret@example.com/'],
  ['a public name as user', 'http://example.com@127.0.0.1/'],
  ['a public name and port as user', 'http://example.com:80@127.0.0.1/'],
  ['file', 'file:///etc/passwd'],
  ['ftp', 'ftp://example.com/'],
  ['gopher', 'gopher://127.0.0.1:6379/_INFO'],
  ['data', 'data:text/plain,hello'],
  ['javascript', 'javascript:alert(1)'],
  ['ws', 'ws://example.com/'],
  ['unix', 'unix:///var/run/docker.sock'],
  ['no scheme', 'example.com/hook'],
  ['a path only', '/hook'],
  ['nothing', ''],
  ['no host', 'http://'],
  ['an address with too big a number', 'http://127.0.0.256/'],
];

const lenient = { allow: none, requireHttps: false };

describe('a URL', () => {
  it.each(refusedUrls)('is blocked for its host: %s (%s)', (_name, url) => {
    expect(parseUrl(url, lenient)).toMatchObject({ reason: 'blocked' });
  });

  it.each(badUrls)('is bad: %s (%s)', (_name, url) => {
    expect(parseUrl(url, lenient)).toMatchObject({
      reason: 'badUrl',
      message: expect.stringContaining('Expected'),
    });
  });

  it.each([
    'https://example.com/hook',
    'http://example.com:8080/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://example.com/#@127.0.0.1',
    'https://localhost.example.com/',
    'https://mylocalhost/',
  ])('may be called: %s', (url) => {
    expect(parseUrl(url, lenient)).toBeInstanceOf(URL);
  });

  it('has to use https where the project requires it', () => {
    const strict = { ...lenient, requireHttps: true };
    expect(parseUrl('https://example.com/', strict)).toBeInstanceOf(URL);
    expect(parseUrl('http://example.com/', strict)).toMatchObject({
      reason: 'badUrl',
      message: expect.stringContaining('https://'),
    });
  });

  it('never repeats a password in the message', () => {
    expect(JSON.stringify(parseUrl('https://ada:canary@example.com/', lenient))).not.toContain(
      'canary',
    );
  });
});

describe('a name', () => {
  it('is refused when one of its addresses is private', () => {
    const problem = resolvedProblem('mixed.example', ['8.8.8.8', '10.0.0.5'], none);
    expect(problem).toContain('mixed.example leads to 10.0.0.5');
  });

  it('is fine when all of its addresses are public', () => {
    expect(resolvedProblem('fine.example', ['8.8.8.8', '2606:4700::1'], none)).toBeNull();
  });
});

describe('the allow-list', () => {
  const allow = parseAllow([
    '10.1.0.0/16',
    '127.0.0.1',
    'fd12::/16',
    '::1',
    'localhost',
    'Receiver.Internal.',
    '*.cluster.local',
    'bücher.internal',
  ]);

  it.each(['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd12::9', '::1'])(
    'lets %s in',
    (address) => {
      expect(addressProblem(address, allow)).toBeNull();
    },
  );

  it.each(['10.2.0.1', '127.0.0.2', 'fd13::1', '::2', '::127.0.0.1'])(
    'still refuses %s',
    (address) => {
      expect(addressProblem(address, allow)).not.toBeNull();
    },
  );

  it.each(['localhost', 'LOCALHOST.', 'receiver.internal', 'a.cluster.local', 'a.b.cluster.local'])(
    'lets the host %s have any address',
    (host) => {
      expect(hostProblem(host, allow)).toBeNull();
      expect(resolvedProblem(host, ['10.9.9.9'], allow)).toBeNull();
    },
  );

  it('knows an international name by its punycode', () => {
    const { hostname } = new URL('http://bücher.internal/');
    expect(resolvedProblem(hostname, ['10.9.9.9'], allow)).toBeNull();
  });

  it.each(['cluster.local', 'evilcluster.local', 'receiver.internal.example.com'])(
    'gives no address to the similar host %s',
    (host) => {
      expect(resolvedProblem(host, ['10.9.9.9'], allow)).not.toBeNull();
    },
  );

  it('lets a name lead to allowed addresses', () => {
    expect(resolvedProblem('any.example', ['10.1.2.3', '8.8.8.8'], allow)).toBeNull();
  });

  it('opens metadata hosts only by name', () => {
    const open = parseAllow(['metadata.google.internal', '168.63.129.16']);
    expect(hostProblem('metadata.google.internal', open)).toBeNull();
    expect(addressProblem('168.63.129.16', open)).toBeNull();
    expect(hostProblem('localhost', open)).not.toBeNull();
  });

  it.each([
    '',
    '10/8',
    '10.0.0.0/33',
    '10.0.0',
    '0x7f000001',
    '10.0.0.0/255.0.0.0',
    'fd00::/129',
    'http://receiver.internal',
    'receiver.internal:8080',
    'receiver.internal/hook',
    'user@receiver.internal',
    '*',
    '*.',
    'a.*.internal',
    'two words',
    '[::1]',
  ])('does not accept %j', (entry) => {
    expect(() => parseAllow(['127.0.0.1', entry])).toThrow(
      `network.allow holds ${JSON.stringify(entry)}, which is no network, address or host name`,
    );
  });

  it('asks for plain IPv4 in place of its IPv6 form, which would match nothing', () => {
    expect(() => parseAllow(['::ffff:10.0.0.0/104'])).toThrow('Write it as IPv4');
  });
});
