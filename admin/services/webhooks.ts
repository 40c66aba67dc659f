/** Webhooks: the webhooks themselves, switching one, its tests and previews, its signing secret. */
import type { TestResult } from '../../server/contract/delivery';
import type {
  Preview,
  PreviewInput,
  Sample,
  UnsavedTest,
  Webhook,
  WebhookInput,
} from '../../server/contract/webhook';
import { changing, dataOf, post, reading, type Tag } from './api';
import { path } from './query';
import { command, resource } from './resource';

const NAME = 'webhooks';
/** Deliveries show the name of their webhook, and workflows the webhooks that are bound to them. */
const CHANGED: readonly Tag[] = ['webhook', 'change', 'delivery', 'authorization', 'workflow'];

/** A new secret is shown once, and is in no answer that is kept. */
const withoutSecret = ({ secret: _secret, ...webhook }: Webhook): Webhook => webhook;

const all = resource<Webhook, WebhookInput>({
  name: NAME,
  tag: 'webhook',
  stale: CHANGED,
  shown: withoutSecret,
});
const { one } = all;
const switching = { name: NAME, one, stale: CHANGED };

export const webhooks = {
  ...all,
  enable: command<Webhook>('enable', switching),
  disable: command<Webhook>('disable', switching),
  excludeEndUsers: command<Webhook>('exclude-end-users', switching),
  /** With a new `secret`, answered this once and never again; of a key pair, with the new public key alone. */
  rotateSecret: command<Webhook>('secret', {
    name: NAME,
    one: { show: (id, webhook) => one.show(id, withoutSecret(webhook)) },
    stale: ['webhook', 'change'],
  }),
  preview: reading<Preview, PreviewInput>('webhooks.preview', {
    request: (input) => post(path(NAME, 'preview'), input),
    result: dataOf,
    tags: [],
  }),
  test: changing<TestResult, { id: string; sample?: Sample }>('webhooks.test', {
    request: ({ id, sample = {} }) => post(path(NAME, id, 'test'), sample),
    result: dataOf,
    stale: ['delivery'],
  }),
  /** Sends what is not saved, and keeps nothing of it. */
  testUnsaved: changing<TestResult, UnsavedTest>('webhooks.testUnsaved', {
    request: (input) => post(path(NAME, 'test'), input),
    result: dataOf,
    stale: [],
  }),
};
