/** The page about the HTTP API names every route, permission, field and limit that there is, and no other. */
import { z } from 'zod';
import { auditQuerySchema, searchQuerySchema } from '../../../server/contract/api';
import { authorizationInputSchema, SECRET_FIELDS } from '../../../server/contract/authorization';
import { deliveryQuerySchema } from '../../../server/contract/delivery';
import { PERMISSIONS, permissionUid } from '../../../server/contract/names';
import { replicationQuerySchema } from '../../../server/contract/replication';
import { scheduleQuerySchema } from '../../../server/contract/schedule';
import { webhookInputSchema, webhookQuerySchema } from '../../../server/contract/webhook';
import { workflowInputSchema } from '../../../server/contract/workflow';
import { conflict, parse } from '../../../server/strapi/errors';
import {
  attemptOf,
  deliveryOf,
  type AttemptRow,
  type DeliveryRow,
} from '../../../server/store/outbox/rows';
import routes from '../../../server/manage/routes';
import { rowsOf, samples } from './page';

const PAGE = 'docs/api.md';

/** The code in a cell. */
const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const code = (cell = '') => codes(cell)[0] ?? '';
const fields = (heading: string) =>
  rowsOf(PAGE, heading).filter(([name]) => /^`\w+`$/.test(name ?? ''));

type Place = { method: string; path: string };
type Route = Place & { config: { policies?: unknown[] } };

/** Null where its controller decides. */
const permissionOf = ({ config }: Route): string | null => {
  const [, asked] = (config.policies ?? []) as { config: { actions: string[] } }[];
  return asked?.config.actions.join() ?? null;
};

describe('The page about the API', () => {
  const shown = rowsOf(PAGE, null).filter(([route = '']) => /^`[A-Z]+ \/\S+`$/.test(route));
  const below = (prefix: string, { method, path }: Place) => `${method} ${prefix}${path}`;

  test('lists every route once, and none that is not there', () => {
    const admin = routes.admin.routes.map((route) => below('', route));
    const content = routes['content-api'].routes.map((route) =>
      below('/api/workflow-webhooks', route),
    );
    expect(shown.map(([route]) => code(route)).sort()).toEqual([...admin, ...content].sort());
  });

  test('names the permission of each, or the page that explains it', () => {
    const named = new Map(shown.map(([route, permission = '']) => [code(route), permission]));
    for (const route of routes.admin.routes) {
      const cell = named.get(below('', route));
      const permission = permissionOf(route);
      if (permission === null) expect(cell).toMatch(/^see /);
      else expect(`plugin::workflow-webhooks.${code(cell)}`).toBe(permission);
    }
  });

  test('lists every permission', () => {
    const listed = rowsOf(PAGE, 'Who asks').flatMap(([, names]) => codes(names));
    expect(listed).toEqual(PERMISSIONS.map(({ name }) => name));
    expect(permissionUid('audit.read')).toBe('plugin::workflow-webhooks.audit.read');
  });

  test('shows a failure as it is answered', () => {
    const [sample = ''] = samples(PAGE, 'How it answers', 'json');
    const { status, ...error } = JSON.parse(sample).error;
    const input = { name: 'A', url: 'https://example.com/', rateLimit: 2000 };
    expect(status).toBe(400);
    expect(() => parse(webhookInputSchema, input)).toThrow(expect.objectContaining(error));
  });

  test('shows a conflict as it is answered', () => {
    const [sample = ''] = samples(PAGE, 'When two change the same', 'json');
    const { error } = JSON.parse(sample);
    expect(conflict('webhook', error.details.params)).toMatchObject(error);
  });

  test.each<[string, z.ZodObject]>([
    ['Webhooks', webhookQuerySchema],
    ['Authorizations', searchQuerySchema],
    ['Changes', auditQuerySchema],
    ['Workflows', searchQuerySchema.omit({ kind: true })],
    ['Schedules', scheduleQuerySchema],
    ['Replications', replicationQuerySchema],
  ])('names the filters of the list of %s', (list, schema) => {
    const [, filters] = rowsOf(PAGE, 'Lists').find(([name]) => name === list) ?? [];
    expect(codes(filters)).toEqual(expect.arrayContaining(Object.keys(schema.shape)));
  });

  test('names the filters of deliveries', () => {
    const named = rowsOf(PAGE, 'Deliveries').filter(([route = '']) => !route.includes(' /'));
    expect(named.flatMap(([names]) => codes(names)).sort()).toEqual(
      Object.keys(deliveryQuerySchema.shape).sort(),
    );
  });
});

describe('The fields of a webhook', () => {
  const rows = fields('Fields of a webhook');

  test('are all there, with their defaults', () => {
    const needed = { name: 'A', url: 'https://example.com/' };
    const defaults: Record<string, unknown> = webhookInputSchema.parse(needed);
    const told = rows.map(([name, , value = '']) => [
      code(name),
      value === 'needed' ? needed[code(name) as 'name' | 'url'] : JSON.parse(code(value)),
    ]);
    expect(Object.fromEntries(told)).toEqual(defaults);
  });

  test('are documented with their choices and limits', () => {
    type Schema = Record<string, unknown> & { anyOf?: Schema[]; enum?: string[] };
    const options = { io: 'input', unrepresentable: 'any' } as const;
    const { properties = {} } = z.toJSONSchema(webhookInputSchema, options);
    const LIMITS = ['minLength', 'maxLength', 'maxItems', 'minimum', 'maximum'];
    /** A key or an id that is null or not empty needs no word. */
    const NAMES = ['workflow', 'state', 'command', 'authorization'];
    const missing = rows.flatMap(([name, type = '', , told = '']) => {
      const schema = properties[code(name)] as Schema;
      const asked = NAMES.includes(code(name)) ? [] : [schema, ...(schema.anyOf ?? [])];
      const limits = asked.flatMap((part) => LIMITS.flatMap((limit) => part[limit] ?? []));
      const numbers = (told.replaceAll(',', '').match(/[\d.]*\d/g) ?? []).map(Number);
      return [
        ...limits.filter((limit) => !numbers.includes(limit as number)),
        ...(schema.enum ?? []).filter((choice) => !codes(type).includes(choice)),
      ].map((what) => `${code(name)}: ${what}`);
    });
    expect(missing).toEqual([]);
  });
});

test('The fields of an authorization are documented by kind, with the secret ones', () => {
  const COMMON = ['kind', 'name', 'description', 'allowedHosts'];
  const own = Object.fromEntries(
    authorizationInputSchema.options.map(({ shape }) => [
      shape.kind.value,
      Object.keys(shape).filter((field) => !COMMON.includes(field)),
    ]),
  );
  const rows = fields('Fields of an authorization');
  const secrets = rows.map(([kind, , secret]) => [code(kind), codes(secret)]);
  expect(Object.fromEntries(secrets)).toEqual(SECRET_FIELDS);
  for (const [kind, told] of rows) {
    const of = own[code(kind)] ?? [];
    const inherited = told?.startsWith('the same') ? own.oauth2ClientCredentials : [];
    expect([...(inherited ?? []), ...codes(told)]).toEqual(expect.arrayContaining(of));
  }
});

test('The fields of a workflow are all there', () => {
  expect(fields('Workflows').map(([name]) => code(name))).toEqual(
    Object.keys(workflowInputSchema.shape),
  );
});

describe('The example', () => {
  const HEADING = 'An example';
  const [tested = '', listed = '', attempt = ''] = samples(PAGE, HEADING, 'json');

  test('makes a webhook that can be saved', () => {
    const [script = ''] = samples(PAGE, HEADING, 'sh');
    const [, body = ''] = /POST \/webhooks '([^']*)'/.exec(script) ?? [];
    expect(webhookInputSchema.safeParse(JSON.parse(body)).error?.issues).toBeUndefined();
  });

  test('shows a delivery and an attempt with the keys that are answered', () => {
    const [delivery] = JSON.parse(listed).data;
    const row = { webhook_id: 'a', created_at: 0, delivered_at: 0, due_at: 0 } as DeliveryRow;
    const { document, ...told } = delivery;
    expect(Object.keys(told)).toEqual(Object.keys(deliveryOf(row, new Map())));
    expect(Object.keys(document)).toEqual(['title', 'contentType', 'isOpenable']);
    const stored = { at: 0, request: '{"method":"POST","url":"","headers":{}}', response: null };
    const answered = attemptOf(stored as AttemptRow, '');
    expect(Object.keys(JSON.parse(attempt))).toEqual(Object.keys(answered));
    const { request, response, error } = JSON.parse(tested).data;
    expect(Object.keys(request)).toEqual(Object.keys(answered.request));
    expect({ ...JSON.parse(attempt).response, headers: {} }).toEqual(response);
    expect(error).toBeNull();
  });
});
