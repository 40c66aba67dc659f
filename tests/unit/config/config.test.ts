/** The configuration, its defaults and its complaints. */
import config from '../../../server/config';
import { configOf, DEFAULT_SCHEDULE } from '../../../server/config/index';

const complaint = (input: object): string => {
  try {
    config.validator(input);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

it('is valid where nothing is set, and has a default for everything', () => {
  expect(complaint({})).toBe('');
  expect(configOf(undefined)).toEqual(configOf({}));
  expect(configOf({})).toMatchObject({
    delivery: { concurrency: 128, timeout: 15_000, schedule: DEFAULT_SCHEDULE },
    engine: { driver: 'database', redis: null, prefix: 'workflow-webhooks', dispatch: true },
    network: { allow: [], requireHttps: false, proxy: null, ca: null },
  });
});

it('hands Strapi no lists to merge: a shorter schedule stays short', () => {
  expect(JSON.stringify(config.default)).not.toContain('[');
  expect(configOf({ delivery: { schedule: [0, 5] } }).delivery.schedule).toEqual([0, 5]);
});

it.each<[object, string]>([
  [{ delivery: { timeout: 99 } }, 'delivery.timeout: '],
  [{ delivery: { schedule: [] } }, 'delivery.schedule: '],
  [{ delivery: { schedule: [0, '5'] } }, 'delivery.schedule.1: '],
  [{ delivery: { retries: 5 } }, 'delivery: Unrecognized key: "retries"'],
  [{ network: { allow: ['nonsense/8'] } }, 'network.allow holds "nonsense/8"'],
  [{ network: { proxy: 'proxy.internal' } }, 'network.proxy: Expected the URL of a proxy'],
  [{ network: { proxy: 'ftp://proxy.internal' } }, 'network.proxy: Expected the URL of a proxy'],
  [{ network: { ca: '/etc/ca.pem' } }, 'network.ca: Expected the text of one or more PEM'],
  [{ engine: { driver: 'redis' } }, 'engine.driver: Expected "database"'],
  [{ engine: { driver: 'bullmq' } }, 'engine.redis: The engine "bullmq" needs Redis'],
  [{ engine: { redis: 'cache.internal:6379' } }, 'engine.redis: Expected the URL of a Redis'],
  [{ engine: { redis: 'http://cache.internal' } }, 'engine.redis: Expected the URL of a Redis'],
  [{ engine: { prefix: 'a b' } }, 'engine.prefix: Expected 1 to 100 letters'],
  [{ engine: { dispatch: 'no' } }, 'engine.dispatch: '],
  [{ engin: {} }, 'config: Unrecognized key: "engin"'],
])('complains of %j at its place', (input, text) => {
  expect(complaint(input)).toContain(text);
});

it('complains of everything at once', () => {
  const text = complaint({ delivery: { timeout: 1, concurrency: 'many' }, network: { allow: 5 } });
  expect(text.match(/^ {2}- /gm)).toHaveLength(3);
});

it('takes the URL of a Redis server, and shows it in no complaint', () => {
  const redis = 'rediss://user:canary@cache.internal:6380/2';
  expect(configOf({ engine: { driver: 'bullmq', redis } }).engine).toMatchObject({ redis });
  expect(complaint({ engine: { redis: 'redis//user:canary@cache' } })).not.toContain('canary');
});
