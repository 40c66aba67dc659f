/**
 * Creates thousands of waiting deliveries without thousands of saves: one delivery is created normally and copied in the
 * database. The copies have no document, because deliveries of one document are sent one after the other.
 */
import type { Webhook } from '../../../server/contract/webhook';
import { type Stage } from './stage';

type BacklogOptions = {
  count: number;
  /** The columns of each copy. */
  like: Record<string, string | number | null>;
};

/** Copies the only delivery of the webhook until there are `count`. */
const copyDelivery = (stage: Stage, webhookId: string, { count, like }: BacklogOptions) =>
  stage.app.run(
    async (strapi, args) => {
      const knex = strapi.db.connection;
      const name = 'workflow_webhooks_deliveries';
      const rows = () => knex(name).where('webhook_id', args.webhookId);
      const now = strapi.plugin('workflow-webhooks').service('clock').now();
      await rows().update({
        ...{ due_at: now, delivered_at: null, claim_id: null, document_id: null },
        ...args.like,
      });
      const columns = Object.keys(await rows().first()).filter((column) => column !== 'id');
      const marks = columns.map(() => '??').join(', ');
      const into = knex.raw(`?? (${marks})`, [name, ...columns]);
      for (;;) {
        const [{ n }] = await rows().count({ n: '*' });
        if (Number(n) >= args.count) return;
        const missing = args.count - Number(n);
        await knex(into).insert(rows().select(columns).limit(missing));
      }
    },
    { webhookId, count, like },
  );

/** Leaves the webhook disabled: `changeWebhook(webhook, { enabled: true })` starts the deliveries. */
export const fillBacklog = async (
  stage: Stage,
  webhook: Webhook,
  wish: BacklogOptions,
): Promise<void> => {
  await stage.write();
  await stage.finished(webhook);
  await stage.changeWebhook(webhook, { enabled: false });
  await copyDelivery(stage, webhook.id, wish);
};

/** The number of a webhook's deliveries in these states. */
export const countOf = async (stage: Stage, { id }: { id: string }, ...states: string[]) => {
  const query = `/workflow-webhooks/deliveries?webhook=${id}&state=${states.join(',')}&pageSize=1`;
  const { body } = await stage.app.request('GET', query);
  return body.meta.pagination.total as number;
};
