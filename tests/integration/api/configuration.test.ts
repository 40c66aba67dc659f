/** The options in config/plugins: a wrong option stops the start and is named; a valid one takes effect. */
import { startReceiver } from '../../support/receiver';
import { startStrapi, StartError } from '../../support/strapi';
import { dataOf, hook, makeNotice, pluginApi, settledDelivery } from './plugin-api';

const HOUR = 3_600_000;

/** The error of a Strapi that does not start. */
const refusal = async (config: object) => {
  const started = await startStrapi({ config }).catch((error: unknown) => error);
  if (started instanceof StartError) return started.message;
  await (started as { stop?(): Promise<void> }).stop?.();
  throw new Error('Strapi started.');
};

describe('an invalid configuration', () => {
  it('stops the start, names every option that is wrong, and says what was expected', async () => {
    const text = await refusal({
      delivery: {
        concurrency: 0,
        concurency: 5,
        timeout: 'ten seconds',
        schedule: [0, -1],
        maxBodyBytes: 1.5,
        retentionDays: 0,
        disableAfter: null,
      },
      engine: { driver: 'rabbitmq', redis: 'cache.internal' },
      network: { allow: '10.0.0.0/8', requireHttps: 'yes', proxy: 'socks5://x', ca: 'nonsense' },
      log: { events: 'loud' },
      tracing: { propagate: 'yes' },
      colour: {},
    });
    const expected: [string, RegExp][] = [
      ['delivery', /Unrecognized key: "concurency"/],
      ['delivery.concurrency', /at least 1/],
      ['delivery.timeout', /Expected a number/],
      ['delivery.schedule.1', /at least 0/],
      ['delivery.maxBodyBytes', /Expected a whole number/],
      ['delivery.retentionDays', /at least 0\.01/],
      ['engine.driver', /Expected "database" or "bullmq"/],
      ['engine.redis', /Expected the URL of a Redis server/],
      ['network.allow', /Expected a list/],
      ['network.requireHttps', /Expected true or false/],
      ['network.proxy', /Expected the URL of a proxy/],
      ['network.ca', /BEGIN CERTIFICATE/],
      ['log.events', /Expected "debug", "info" or "off"/],
      ['tracing.propagate', /Expected true or false/],
      ['config', /Unrecognized key: "colour"/],
    ];
    expect(text).toContain('The configuration of "workflow-webhooks" in config/plugins');
    const lines = text.split('\n').filter((line) => line.trim().startsWith('- '));
    for (const [option, message] of expected) {
      const line = lines.find((one) => one.trim().startsWith(`- ${option}:`)) ?? '';
      expect(`${option} -> ${line}`).toMatch(message);
    }
    expect(text).toContain('docs/configuration.md');
  });

  it('stops the start where network.allow holds a URL, and shows how an entry is written', async () => {
    const text = await refusal({ network: { allow: ['10.0.0.0/8', 'http://receiver.internal'] } });
    expect(text).toContain('network.allow holds "http://receiver.internal"');
    expect(text).toContain('"receiver.internal"');
  });
});

describe('a valid configuration', () => {
  it('is used unchanged: a schedule of two steps has two steps, and the last one repeats', async () => {
    const [app, receiver] = await Promise.all([
      startStrapi({ config: { delivery: { schedule: [0, 10 * HOUR] } } }),
      startReceiver(),
    ]);
    try {
      const api = pluginApi(app);
      receiver.on('/').answer(500);
      const { id } = dataOf(await api.post('/webhooks', hook(receiver.url('/'))));
      await makeNotice(app);
      await settledDelivery(api, id, 'retrying');
      await app.run(
        (strapi, ms) => strapi.plugin('workflow-webhooks').service('clock').turn(ms),
        12 * HOUR,
      );
      await receiver.waitFor(2);
      const twice = await settledDelivery(api, id, 'retrying');
      const wait = Date.parse(twice.nextAttemptAt) - (Date.now() + 12 * HOUR);
      expect(twice.attemptCount).toBe(2);
      expect(Math.round(wait / HOUR)).toBeGreaterThanOrEqual(8);
    } finally {
      await app.stop();
      await receiver.stop();
    }
  });
});
