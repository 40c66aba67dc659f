/**
 * Thousands of deliveries that wait, without thousands of saves: one is made as always, and copied in the database. They
 * are of no document: those of one document are sent one after the other.
 */
import type { Webhook } from '../../../server/contract/webhook';
import { type Stage } from './stage';

type BacklogOptions = {
  count: number;
  /** What each copy is like, in the columns of the table. */
  like: Record<string, string | number | null>;
};

/** Of a webhook that has one delivery, which becomes the first of them. */
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

/** Made while the webhook is switched off, and left so: `changeWebhook(webhook, { enabled: true })` starts it. */
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

/** How many of a webhook's deliveries are in these states. */
export const countOf = async (stage: Stage, { id }: { id: string }, ...states: string[]) => {
  const query = `/workflow-webhooks/deliveries?webhook=${id}&state=${states.join(',')}&pageSize=1`;
  const { body } = await stage.app.request('GET', query);
  return body.meta.pagination.total as number;
};
