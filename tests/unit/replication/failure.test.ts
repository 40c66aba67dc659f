import { BROKE_OFF, failureMessage } from '../../../server/replication/failure';
import { restoreOf } from '../../../server/replication/scope';

test.each([
  ['Failed to initialize the connection: Authentication Error', /refused the token/],
  ['Failed to initialize the connection: Authorization Error', /may not push/],
  ['connect ECONNREFUSED 127.0.0.1:1', /could not be reached/],
  ['getaddrinfo ENOTFOUND cms.invalid', /could not be reached/],
  ['self-signed certificate', /certificate of the destination is not trusted/],
  ['Data transfer is not enabled on the remote host', /At this URL nobody takes a transfer/],
  [BROKE_OFF, /^The connection to the destination broke off\./],
  ['The moon is full', /^Strapi's transfer says: The moon is full$/],
])('"%s" is told in plain words', (message, plain) => {
  expect(failureMessage(new Error(message))).toMatch(plain);
});

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
