/** One event of each category of the Visual Experience Engine: a screen, scheduled content, a replication. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';
import type { Action, Editor } from './demo-editor';
import { makeWebhook, type Endpoint } from './demo-endpoints';

/** The demo configures its home page as a screen. */
export const SCREEN = 'api::homepage.homepage';

const PLAYGROUND = path.resolve(__dirname, '..');
const STRAPI = path.resolve(__dirname, '../../node_modules/@strapi/strapi/bin/strapi.js');
const SOON = 3000;

/** The `entityType` and `operation` of each event in the format `vee`. */
const VEE_NAMES: Record<string, [entityType: string, operation: string]> = {
  'entry.publish': ['content', 'update'],
  'screen.create': ['screen', 'create'],
  'screen.publish': ['screen', 'update'],
  'schedule.create': ['banner', 'create'],
  'schedule.publish': ['banner', 'update'],
  'replication.started': ['replication', 'started'],
  'replication.completed': ['replication', 'completed'],
};

export async function makeStorefront(app: App, receiver: Receiver): Promise<Endpoint> {
  const events = Object.keys(VEE_NAMES);
  await makeWebhook(app, {
    name: 'Storefront',
    description: 'The format of the Visual Experience Engine.',
    url: receiver.url('/storefront'),
    format: 'vee',
    events,
  });
  return {
    name: 'Storefront',
    path: '/storefront',
    events,
    attempts: 1,
    proof: 'JSON (vee), entityType and operation right',
    nameOf: (event) => event,
    nameIn: ({ body }) => JSON.parse(body).type,
    verify: ({ body }) => {
      const { type, entityType, operation } = JSON.parse(body);
      const described = [entityType, operation].join(' ');
      const expected = VEE_NAMES[type]?.join(' ');
      if (described !== expected) throw new Error(`expected "${expected}", got "${described}"`);
    },
  };
}

/** Runs `strapi export` in the project's folder while Strapi runs. */
async function exportContent(app: App): Promise<string> {
  const env = await app.run(() => process.env as Record<string, string>);
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-demo-'));
  try {
    const words = ['export', '--no-encrypt', '-f', path.join(folder, 'content')];
    const options = { cwd: PLAYGROUND, env: { ...env, NODE_CHANNEL_FD: undefined, CI: 'true' } };
    const { stdout } = await promisify(execFile)(process.execPath, [STRAPI, ...words], options);
    return stdout.split('\n').find((line) => /completed/i.test(line)) ?? stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const told = (...events: string[]) => events.map((event) => ({ event, uid: SCREEN }));

export function storefrontActions(app: App, editor: Editor): Action[] {
  let home = '';
  return [
    {
      description: 'writes the home page, which the project calls a screen',
      run: async () => {
        home = (await editor.writeSingle(SCREEN, { title: 'Welcome' })).documentId;
      },
      expected: told('screen.create'),
    },
    {
      description: `schedules it to be published in ${SOON / 1000} seconds, and waits`,
      run: () => editor.schedule(SCREEN, home, new Date(Date.now() + SOON)),
      expected: told('schedule.create', 'schedule.publish', 'screen.publish'),
    },
    {
      description: 'goes to lunch; meanwhile a developer runs "strapi export"',
      run: () => exportContent(app),
      expected: told('replication.started', 'replication.completed'),
    },
  ];
}
