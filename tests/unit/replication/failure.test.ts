import { BROKE_OFF, failureMessage, restoreOf } from '../../../server/replication/transfer';

test.each([
  ['Failed to initialize the connection: Authentication Error', /refused the token/],
  ['Failed to initialize the connection: Authorization Error', /may not push/],
  ['Forbidden access', /may not push/],
  [
    'restore failed ProviderTransferError: The backup folder for the assets could not be created inside the public folder. Please ensure Strapi has write permissions on the public directory',
    /^The destination could not set its uploaded files aside/,
  ],
  ["EACCES: permission denied, open '/srv/app/.tmp/x'", /^Strapi's transfer says: EACCES/],
  ['connect ECONNREFUSED 127.0.0.1:1', /could not be reached/],
  ['getaddrinfo ENOTFOUND cms.invalid', /could not be reached/],
  ['self-signed certificate', /certificate of the destination is not trusted/],
  ['self signed certificate in certificate chain', /certificate of the destination is not trusted/],
  ['unable to verify the first certificate', /certificate of the destination is not trusted/],
  ['unable to get local issuer certificate', /certificate of the destination is not trusted/],
  ['certificate has expired', /certificate of the destination is not trusted/],
  [
    "Hostname/IP does not match certificate's altnames: Host: a.example. is not in the cert's altnames: DNS:b.example",
    /certificate of the destination is not trusted/,
  ],
  [
    'write EPROTO 808C06F7147F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:',
    /^The destination does not speak TLS at this port/,
  ],
  [
    '808C06F7147F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:',
    /^The TLS connection to the destination failed/,
  ],
  ['No entry of api::concert.concert', /^Strapi's transfer says: No entry of api::concert/],
  ['No entry of api::certificate.certificate', /^Strapi's transfer says: No entry/],
  ['Data transfer is not enabled on the remote host', /At this URL nobody takes a transfer/],
  [BROKE_OFF, /^The connection to the destination broke off\./],
  ['The moon is full', /^Strapi's transfer says: The moon is full$/],
])('"%s" is told in plain words', (message, plain) => {
  expect(failureMessage(new Error(message))).toMatch(plain);
});

test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a code says it too: %s',
  (code) => expect(failureMessage({ message: 'connect', code })).toMatch(/not trusted/),
);

test('of many differences the first five are named, and how many more there are', () => {
  const diffs = {
    'api::article.article': Array.from({ length: 7 }, (_, index) => ({
      kind: 'deleted',
      path: ['attributes', `field${index}`],
    })),
  };
  const message = failureMessage({ message: 'Invalid schema', details: { details: { diffs } } });
  expect(message).toContain('api::article.article.attributes.field4 is here only; and 2 more.');
});

describe('What is emptied at the destination', () => {
  const types = {
    all: ['api::a.a', 'admin::user'],
    isIgnored: (uid: string) => uid.startsWith('admin::'),
    ignored: [],
  };
  test('with everything: all but what Strapi leaves alone', () => {
    expect(restoreOf({ only: [], exclude: [] }, types)).toEqual({
      entities: { include: undefined, exclude: ['admin::user'] },
      assets: true,
      configuration: { webhook: true, coreStore: true },
    });
  });
  test('without content: no entries', () => {
    expect(restoreOf({ only: ['files'], exclude: [] }, types)).toMatchObject({
      entities: { include: [] },
      assets: true,
      configuration: { webhook: false, coreStore: false },
    });
  });
  test('without configuration: content types only', () => {
    expect(restoreOf({ only: [], exclude: ['config'] }, types).entities.include).toEqual([
      'api::a.a',
    ]);
  });
});
