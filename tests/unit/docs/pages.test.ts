/** The samples on the pages match the code, and the targets of their links exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configOf, configSchema } from '../../../server/config/index';
import { EVENT_PATTERNS } from '../../../server/contract/catalogue';
import type { Health } from '../../../server/contract/delivery';
import { PLUGIN_ID } from '../../../server/contract/names';
import { workflowInputSchema } from '../../../server/contract/workflow';
import { createMeter, healthMetrics } from '../../../server/observe/metrics';
import type { NewAttempt } from '../../../server/store/outbox/rows';
import { sitecoreTree } from '../../../server/send/formats/sitecore/sitecore';
import { standardTree } from '../../../server/send/formats/standard';
import { callLine, eventLine, healthLine } from '../../../server/observe/log-lines.service';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';
import { projectCode } from '../../../server/workflow/editor/views.service';
import { anchorsOf, linksOf, PAGES, read, ROOT, rowsOf, samples } from './page';
import { validationWebhook, pageModel, validationEvent } from './sample-validation';

const OBSERVING = 'docs/observing.md';
const RECEIVING = 'docs/receiving.md';
const SITECORE = 'docs/from-sitecore.md';
const ANSWERS = 'Answering a validation';

const input = { event: validationEvent, webhook: validationWebhook, model: pageModel };
const entry = {
  ...validationEvent.entry,
  createdAt: '2026-11-20T09:30:00.000Z',
  updatedAt: '2026-11-21T18:10:42.118Z',
};
const sitecoreInput = {
  ...input,
  event: { ...validationEvent, entry },
  account: 'ada@example.com',
};
const answered = (body = '') =>
  validationAnswerOf({
    kind: 'answered',
    status: 200,
    headers: {},
    body,
    isTruncated: false,
    ms: 1,
  });

const HEALTH = { deliveries: {}, webhooks: [], engine: {} } as unknown as Health;
const webhook = { id: 'a', name: 'A', format: 'standard', serialization: 'json' } as const;
const attempt: NewAttempt = {
  at: 0,
  durationMs: 1,
  outcome: 'delivered',
  trigger: 'automatic',
  request: { method: 'POST', url: '', headers: {}, body: '' },
  response: null,
  error: null,
};

describe('A page of the docs', () => {
  test.each(PAGES)('%s links to files and headings that are there', (page) => {
    const broken = linksOf(page).filter(
      ({ to, anchor }) =>
        !existsSync(path.join(ROOT, to)) ||
        (anchor !== undefined && !anchorsOf(to).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  /** The first three npm packs unasked. */
  const isPacked = (file: string) =>
    ['README.md', 'LICENSE', 'package.json', ...files].some(
      (one) => file === one || file.startsWith(`${one}/`),
    );

  test.each(PAGES.filter(isPacked))('%s of the package links to nothing that it lacks', (page) => {
    const missing = linksOf(page).filter(({ to }) => !isPacked(to));
    expect(missing).toEqual([]);
  });
});

describe('The README', () => {
  test('leads to every page of the docs', () => {
    const [, readOn = ''] = read('README.md').split('## Read on');
    const pages = PAGES.filter((page) => /^docs\/[\w-]+\.md$/.test(page));
    expect(pages.filter((page) => !readOn.includes(`(${page})`))).toEqual([]);
  });

  test('names every group of events', () => {
    const [line = ''] = /^- \*\*Events\*\*.*$/m.exec(read('README.md')) ?? [];
    const prefixes = EVENT_PATTERNS.filter((pattern) => pattern !== '*').map((pattern) =>
      pattern.slice(0, -1),
    );
    expect(prefixes.filter((prefix) => !line.includes(`\`${prefix}`))).toEqual([]);
  });
});

describe('The page about receiving', () => {
  test('shows the request of a validation', () => {
    const [shown = ''] = samples(RECEIVING, 'Workflows', 'json');
    expect(JSON.parse(shown)).toEqual(standardTree(input));
  });

  test('shows a yes that is one', () => {
    const [yes] = samples(RECEIVING, ANSWERS, 'json');
    expect(answered(yes)).toMatchObject({ kind: 'allowed', warnings: [expect.any(String)] });
  });

  test('shows a no in JSON and in XML that say the same', () => {
    const [, no = ''] = samples(RECEIVING, ANSWERS, 'json');
    const [xml] = samples(RECEIVING, ANSWERS, 'xml');
    const { allowed, ...said } = JSON.parse(no);
    expect(allowed).toBe(false);
    expect(answered(no)).toEqual({ kind: 'refused', ...said });
    expect(answered(xml)).toEqual(answered(no));
  });
});

describe('The page for those who come from Sitecore', () => {
  const BODY = 'What an endpoint receives';
  const keysOf = (tree: object) => Object.keys(tree);
  const reference = JSON.parse(
    readFileSync(path.join(__dirname, '../send/reference/sitecore-submit-action.json'), 'utf8'),
  );

  test('shows the question in their format', () => {
    const [shown = ''] = samples(SITECORE, BODY, 'json');
    expect(JSON.parse(shown)).toEqual(sitecoreTree(sitecoreInput));
  });

  test('shows keys in the order in which they are sent', () => {
    const [shown = ''] = samples(SITECORE, BODY, 'json');
    expect(keysOf(JSON.parse(shown))).toEqual(keysOf(sitecoreTree(sitecoreInput)));
  });

  test("explains every key of Sitecore's, and no other", () => {
    const explained = rowsOf(SITECORE, BODY).map(([key = '']) => key.replaceAll('`', ''));
    expect(explained).toEqual(keysOf(reference));
  });

  test('shows answers that are understood as a no', () => {
    const [json] = samples(SITECORE, 'What it answers', 'json');
    const [xml] = samples(SITECORE, 'What it answers', 'xml');
    expect(answered(json)).toMatchObject({
      kind: 'refused',
      message: 'End the title with a full stop.',
    });
    expect(answered(xml)).toEqual(answered(json));
  });

  test('has a workflow as its example that can be saved as it is', () => {
    const example = /```json\n([\s\S]*?)```/.exec(read(SITECORE).split('## Example')[1] ?? '');
    const parsed = workflowInputSchema.safeParse(JSON.parse(example?.[1] ?? ''));
    expect(parsed.error?.issues).toBeUndefined();
    expect(parsed.data?.name).toBe(validationEvent.transition?.workflow.name);
  });
});

describe('The page about workflows', () => {
  test("names what a project's code may call", () => {
    const [code = ''] = samples('docs/workflows.md', 'From code', 'js');
    const called = [...code.matchAll(/workflows\.(\w+)\(/g)].map(([, name]) => name);
    const offered = Object.keys(projectCode({} as Parameters<typeof projectCode>[0]));
    expect([...new Set(called)].sort()).toEqual(offered.sort());
  });
});

describe('The page about configuration', () => {
  test('lists every option with its default', () => {
    const defaults = Object.entries(configOf({})).flatMap(([group, options]) =>
      Object.entries(options).map(([name, value]) => [`${group}.${name}`, value]),
    );
    const shown = rowsOf('docs/configuration.md', null)
      .filter(([option = '']) => /^`\w+\.\w+`$/.test(option))
      .map(([option = '', value = '']) => [
        option.replaceAll('`', ''),
        JSON.parse(value.replaceAll('`', '')),
      ]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(defaults));
  });

  test('shows the limits of each number and the longest length of each list', () => {
    type Limits = { minimum?: number; maximum?: number; minItems?: number; maxItems?: number };
    type Schema = Limits & { properties?: Record<string, Schema>; items?: Schema };
    const limitsOf = ({ minItems, maxItems, minimum, maximum, items }: Schema): number[] => [
      ...[minItems, maxItems, minimum, maximum].filter((limit) => limit !== undefined),
      ...(items ? limitsOf(items) : []),
    ];
    const { properties: groups = {} } = z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
    const checked = Object.entries(groups).flatMap(([group, { properties = {} }]) =>
      Object.entries(properties).map(([name, option]) => [`${group}.${name}`, limitsOf(option)]),
    );
    const shown = rowsOf('docs/configuration.md', null)
      .filter(([option = '']) => /^`\w+\.\w+`$/.test(option))
      .map(([option = '', , allowed = '']) => [
        option.replaceAll('`', ''),
        (allowed.match(/[\d.]+/g) ?? []).map(Number),
      ]);
    expect(Object.fromEntries(checked)['delivery.timeout']).toEqual([100, 300_000]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(checked));
  });
});

describe('The page about scaling', () => {
  test('shows configurations that are valid', () => {
    const shown = ['Web instances that do not send', 'BullMQ'].map((heading) => {
      const [code = ''] = samples('docs/scaling.md', heading, 'js');
      const module = { exports: (_: object): Record<string, { config: object }> => ({}) };
      new Function('module', code)(module);
      const { config } = module.exports({ env: () => 'redis://cache.internal' })[PLUGIN_ID] ?? {};
      return configOf(config).engine;
    });
    expect(shown).toMatchObject([{ dispatch: false }, { driver: 'bullmq', dispatch: true }]);
  });
});

describe('The page about observing', () => {
  test('lists every metric', () => {
    const told = [...healthMetrics(HEALTH), ...createMeter().metrics()].map(({ name }) => name);
    const shown = rowsOf(OBSERVING, 'Metrics').map(([name = '']) => name.replaceAll('`', ''));
    expect(shown.sort()).toEqual(told.sort());
  });

  test('alerts on metrics that there are', () => {
    const told = [...healthMetrics(HEALTH), ...createMeter().metrics()].map(({ name }) => name);
    const named = rowsOf(OBSERVING, 'What to alert on').flatMap(
      ([condition = '']) => condition.match(/workflow_webhooks_\w+/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !told.includes(name))).toEqual([]);
  });

  test('lists the facts of each log line', () => {
    const call = { webhook, attempt, isTest: false, isDelivered: true, reason: '', verdict: null };
    const facts = {
      event: eventLine({ event: validationEvent, webhooks: [webhook] }).facts,
      attempt: callLine(validationEvent, call).facts,
      health: healthLine({ webhookId: 'one', name: 'One', notice: { kind: 'failing' } }).facts,
    };
    const shown = rowsOf(OBSERVING, 'Log lines').map(([line = '', names = '']) => [
      line.replaceAll('`', ''),
      names.replaceAll('`', '').split(' '),
    ]);
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(Object.entries(facts).map(([line, all]) => [line, Object.keys(all)])),
    );
  });
});

describe('The page about troubles', () => {
  const filesOf = (folder: string) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|json)$/.test(file))
      .map((file) => read(path.join(folder, file)));
  const said = [...filesOf('server'), ...filesOf('admin/translations')].join('\n');

  /** The text between names, numbers and dots, which differ each time. */
  const fragmentsOf = (quote: string) =>
    quote
      .split(/"[^"]*"|\.\.\.|: |\d+/)
      .map((part) => part.trim())
      .filter((part) => part.length > 3);

  const quotes = [...read('docs/troubleshooting.md').matchAll(/^\*\*[^*"]*"([^*]*)"[^*"]*\*\*/gm)];

  test('quotes messages that there are', () => {
    expect(quotes.length).toBeGreaterThan(5);
    const missing = quotes
      .flatMap(([, quote = '']) => fragmentsOf(quote))
      .filter((part) => !said.includes(part));
    expect(missing).toEqual([]);
  });
});
