/** Schemas without messages of their own still give readable messages. */
import { parse } from '../../../server/strapi/errors';
import { configSchema } from '../../../server/config/index';
import { scheduleInputSchema } from '../../../server/contract/schedule';
import { webhookInputSchema } from '../../../server/contract/webhook';

const WEBHOOK = { name: 'Website', url: 'https://example.com/hook', events: ['entry.publish'] };

const problemsOf = (act: () => unknown): Record<string, string> => {
  try {
    act();
  } catch (error) {
    const { details } = error as { details: { errors: { path: string[]; message: string }[] } };
    return Object.fromEntries(details.errors.map(({ path, message }) => [path.join('.'), message]));
  }
  return {};
};

test.each([
  [{ maxAttempts: 0 }, { maxAttempts: 'Expected at least 1.' }],
  [{ maxAttempts: 21 }, { maxAttempts: 'Expected at most 20.' }],
  [{ maxAttempts: 1.5 }, { maxAttempts: 'Expected a whole number.' }],
  [{ description: 7 }, { description: 'Expected a text.' }],
  [{ description: 'x'.repeat(2001) }, { description: 'Expected at most 2,000 characters.' }],
  [{ locales: ['x'.repeat(36)] }, { 'locales.0': 'Expected at most 35 characters.' }],
  [{ contentTypes: 'all' }, { contentTypes: 'Expected a list.' }],
  [{ enabled: 'yes' }, { enabled: 'Expected true or false.' }],
])('a webhook with %j gets an error', (wrong, expected) => {
  expect(problemsOf(() => parse(webhookInputSchema, { ...WEBHOOK, ...wrong }))).toEqual(expected);
});

test('a key that a schedule does not have is refused, and not left out', () => {
  const wish = { uid: 'api::page.page', documentId: 'a', archivedAt: '2026-12-24T18:00:00Z' };
  expect(problemsOf(() => parse(scheduleInputSchema, wish))).toEqual({
    '': 'Unrecognized key: "archivedAt"',
  });
});

test('a configuration is refused in the same words', () => {
  expect(problemsOf(() => parse(configSchema, { delivery: { concurrency: 0 } }))).toEqual({
    'delivery.concurrency': 'Expected at least 1.',
  });
});
