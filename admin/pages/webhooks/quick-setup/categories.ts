/** The four endpoints of the quick setup: what each is told, and which webhook is already there for it. */
import type { EventName } from '../../../../server/contract/catalogue';
import type { Webhook } from '../../../../server/contract/webhook';
import { newDraft, type Draft } from '../draft';

export const CATEGORIES = ['content', 'schedule', 'screens', 'replication'] as const;
export type Category = (typeof CATEGORIES)[number];

export const EVENTS: Record<Category, readonly string[]> = {
  content: ['entry.*', 'media.*'],
  schedule: ['schedule.*'],
  screens: ['screen.*'],
  replication: ['replication.*'],
};

/** What a test sends of each. */
export const SAMPLES: Record<Category, EventName> = {
  content: 'entry.update',
  schedule: 'schedule.publish',
  screens: 'screen.update',
  replication: 'replication.completed',
};

const prefixOf = (event: string) => event.slice(0, event.indexOf('.') + 1);

/** Told of nothing but this category, in the format of the quick setup. */
const isOf = (category: Category, { kind, format, serialization, events }: Webhook) => {
  const prefixes = EVENTS[category].map(prefixOf);
  return (
    kind === 'event' &&
    format === 'vee' &&
    serialization === 'json' &&
    events.length > 0 &&
    events.every((event) => prefixes.includes(prefixOf(event)))
  );
};

const isWhole = (category: Category, { events }: Webhook) =>
  EVENTS[category].every((event) => events.includes(event));

/** Those of a category: first the ones that are told all of it, and of these the oldest. */
export const webhooksOf = (category: Category, webhooks: readonly Webhook[]): Webhook[] =>
  webhooks
    .filter((webhook) => isOf(category, webhook))
    .sort(
      (one, other) =>
        Number(isWhole(category, other)) - Number(isWhole(category, one)) ||
        one.createdAt.localeCompare(other.createdAt),
    );

export const draftFor = (category: Category, name: string): Draft => ({
  ...newDraft('event'),
  name,
  format: 'vee',
  events: [...EVENTS[category]],
});
