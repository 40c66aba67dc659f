/**
 * Which webhooks have deliveries that wait. Every process asks this several times a second, so the answer costs by the
 * webhooks that have something waiting: not by all webhooks, and not by what waits for each of them.
 */
import type { Knex } from 'knex';
import { skipsWithinGroups } from '../dialect';
import type { Tables } from '../tables.service';
import { UNFINISHED } from './due.service';
import type { DeliveryRow } from './rows';

/** The webhooks with a delivery that is due, in any state that is not over. */
export async function dueWebhooks(tables: Tables, now: number): Promise<string[]> {
  const rows = skipsWithinGroups(tables.database) ? earliest(tables, now) : stepping(tables, now);
  const found: { webhook_id: string }[] = await rows;
  return found.map(({ webhook_id }) => webhook_id);
}

/** The webhooks with a delivery that is not over, whenever it is due. */
export function unfinishedWebhooks(tables: Tables): Promise<string[]> {
  return dueWebhooks(tables, Number.MAX_SAFE_INTEGER);
}

/** MySQL and MariaDB read one entry of the index for each state and webhook. */
function earliest(tables: Tables, now: number): Knex.QueryBuilder {
  const firsts = tables
    .deliveries()
    .whereIn('state', UNFINISHED)
    .groupBy('state', 'webhook_id')
    .select('webhook_id')
    .min({ first_due: 'due_at' });
  return tables.among(firsts, 'firsts').where('first_due', '<=', now).distinct('webhook_id');
}

/**
 * The others would read all that is due of a group. So each step of this recursion asks the index for the next webhook of
 * a state. MySQL and MariaDB cannot do this: their subqueries search an index by values that are equal, and not by greater
 * ones.
 */
function stepping(tables: Tables, now: number): Knex.QueryBuilder {
  const [first, ...others] = UNFINISHED.map((state) => firstOf(tables, state));
  const next = tables
    .named('waiting')
    .whereNotNull('webhook_id')
    .select('state', nextWebhook(tables));
  const steps = (first as Knex.QueryBuilder).unionAll([...others, next]);
  return tables
    .named('waiting')
    .withRecursive('waiting', ['state', 'webhook_id'], steps)
    .whereNotNull('webhook_id')
    .whereRaw('? is not null', [dueOf(tables, now)])
    .distinct('webhook_id');
}

function firstOf(tables: Tables, state: DeliveryRow['state']): Knex.QueryBuilder {
  const first = tables
    .deliveries()
    .where({ state })
    .orderBy('webhook_id')
    .limit(1)
    .select('state', 'webhook_id');
  return tables.among(first, 'first_of_state').select('state', 'webhook_id');
}

function nextWebhook(tables: Tables): Knex.QueryBuilder {
  return tables
    .otherDeliveries('next')
    .whereRaw('?? = ??', ['next.state', 'waiting.state'])
    .whereRaw('?? > ??', ['next.webhook_id', 'waiting.webhook_id'])
    .orderBy('next.webhook_id')
    .limit(1)
    .select('next.webhook_id')
    .as('webhook_id');
}

/** As a value, not as `exists`: PostgreSQL would make a join of it, and read all deliveries for that. */
function dueOf(tables: Tables, now: number): Knex.QueryBuilder {
  return tables
    .otherDeliveries('due')
    .whereRaw('?? = ??', ['due.state', 'waiting.state'])
    .whereRaw('?? = ??', ['due.webhook_id', 'waiting.webhook_id'])
    .where('due.due_at', '<=', now)
    .limit(1)
    .select('due.id');
}
