/** The store as one case of the conformance suite uses it: with a webhook of its own, and with sample events and attempts. */
import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { WebhookEvent } from '../../../server/contract/event';
import type { Settlement } from '../../../server/store/outbox/attempts.service';
import type { Addressed } from '../../../server/store/outbox/add.service';
import type { ClaimedRow } from '../../../server/store/outbox/claim.service';
import { createEventTimes, eventId } from '../../../server/store/outbox/events.service';
import { createOutbox } from '../../../server/store/outbox/outbox.service';
import type { DeliveryRow, NewAttempt } from '../../../server/store/outbox/rows';
import { createTables } from '../../../server/store/tables.service';

export const MINUTE = 60_000;
/** More than one statement takes. */
export const MANY = 450;

type Options = { webhookId?: string; documentId?: string | null; entry?: Record<string, unknown> };

export class Store {
  readonly tables: ReturnType<typeof createTables>;
  readonly eventTime = createEventTimes(Date.now);
  readonly outbox: ReturnType<typeof createOutbox>;
  /** Each case has a webhook of its own. */
  readonly webhookId: string = randomUUID();

  constructor(readonly strapi: Core.Strapi) {
    this.tables = createTables(strapi);
    this.outbox = createOutbox(this.tables, this.eventTime);
  }

  event({ documentId = String(randomUUID()), entry = {} }: Options = {}): WebhookEvent {
    return {
      ...{ id: eventId(), name: 'entry.create', time: this.eventTime() },
      ...{ uid: 'api::notice.notice', model: 'notice', documentId, locale: null, status: null },
      ...{ entry, previous: null, changes: [] },
      actor: { type: 'system', id: null, name: null },
    };
  }

  addressee(id = this.webhookId): Addressed['webhooks'][number] {
    return { id, name: 'Case', format: 'standard', serialization: 'json' };
  }

  addressed(count: number, options: Options = {}): Addressed[] {
    return Array.from({ length: count }, () => ({
      event: this.event(options),
      webhooks: [this.addressee(options.webhookId)],
    }));
  }

  /** Stores deliveries that are due since now. */
  async add(addressed: Addressed[]): Promise<void> {
    await this.tables.transaction((trx) => this.outbox.add(addressed, { trx, now: Date.now() }));
  }

  claim(input: { limit?: number; claimId?: string; now?: number; isOrdered?: boolean } = {}) {
    const { limit = 1000, claimId = `one.${randomUUID()}`, now = Date.now() + 1000 } = input;
    const leaseUntil = now + MINUTE;
    const whose = { webhookId: this.webhookId, isOrdered: input.isOrdered ?? false };
    const chosen = { ...whose, claimClass: 'first' as const, limit, now };
    return this.outbox.claim({ ...chosen, claimId, leaseUntil });
  }

  settle(rows: readonly ClaimedRow[], settlement: Settlement, attempt: Partial<NewAttempt> = {}) {
    const made = rows.map((row) => ({ row, settlement, attempt: { ...ATTEMPT, ...attempt } }));
    return this.tables.separately((trx) => this.outbox.settle(made, { trx, now: Date.now() }));
  }

  async rows(trx?: Knex.Transaction): Promise<DeliveryRow[]> {
    return this.tables.deliveries(trx).where('webhook_id', this.webhookId).orderBy('id');
  }

  async states(): Promise<string[]> {
    return (await this.rows()).map(({ state }) => state);
  }
}

export const ATTEMPT: NewAttempt = {
  at: Date.now(),
  durationMs: 12,
  outcome: 'delivered',
  trigger: 'automatic',
  request: { method: 'POST', url: 'https://example.com/hook', headers: {}, body: '{"a":1}' },
  response: { status: 200, headers: {}, body: 'ok' },
  error: null,
};

export const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
