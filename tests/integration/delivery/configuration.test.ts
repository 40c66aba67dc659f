/** The configuration is kept in memory: a change counts in all instances, and only if it is committed. */
import type { Received } from '../../support/receiver';
import type { App } from '../../support/strapi';
import { makeAuthorization } from '../authorize/authorized';
import { startSecond } from './cluster';
import { reachable } from './reachable';
import { Stage, until } from './stage';

const NOTICE = 'api::notice.notice';

describe.each(reachable('postgres', 'mysql'))('two Strapis on one database of %s', (database) => {
  let stage: Stage;
  let other: App;

  beforeAll(async () => {
    stage = await Stage.start({ database });
    other = await startSecond(stage.app, {});
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await other?.stop();
    await stage?.stop();
  });

  /** Saves a notice with the other instance, and counts the deliveries that it stored. */
  const writtenByOther = (): Promise<number> =>
    other.run(async (strapi, uid) => {
      const { documentId } = await strapi.documents(uid).create({ data: { title: 'Other' } });
      const rows = strapi.db.queryBuilder('plugin::workflow-webhooks.delivery-row');
      return (await rows.select('id').where({ documentId }).execute()).length;
    }, NOTICE);

  const storesUntil = (count: number) => until(writtenByOther, (stored) => stored === count);

  /** Saves with the other instance until there was such a call. */
  const callsUntil = (path: string, isSo: (call: Received) => boolean) =>
    until(
      async () => {
        await writtenByOther();
        return stage.calls(path);
      },
      (calls) => calls.some(isSo),
    );

  it('use a webhook that one of them creates, edits, disables, enables and deletes', async () => {
    const webhook = await stage.makeWebhook();
    await storesUntil(1);
    await stage.changeWebhook(webhook, { url: stage.receiver.url('/moved') });
    await callsUntil('/moved', () => true);
    await stage.changeWebhook(webhook, { enabled: false });
    await storesUntil(0);
    await stage.changeWebhook(webhook, { enabled: true });
    await storesUntil(1);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
    await storesUntil(0);
  });

  it('send the authorization that one of them changed', async () => {
    const bearer = { name: 'Shop', kind: 'bearer', token: 'first' };
    const { id } = await makeAuthorization(stage, bearer);
    await stage.makeWebhook({ authorization: id });
    const isSent = (token: string) =>
      callsUntil('/hook', ({ headers }) => headers.authorization === `Bearer ${token}`);
    await isSent('first');
    await stage.api('PUT', `/authorizations/${id}`, { ...bearer, token: 'second' });
    await isSent('second');
  });

  it('use a webhook that project code changes, in a transaction or in none', async () => {
    const { id } = await stage.makeWebhook();
    await storesUntil(1);
    const setEnabled = (enabled: boolean, isTogether: boolean) =>
      stage.app.run(
        async (strapi, args) => {
          const where = { documentId: args.id };
          const webhooks = strapi.db.query('plugin::workflow-webhooks.webhook');
          const change = () => webhooks.update({ where, data: { enabled: args.enabled } });
          await (args.isTogether ? strapi.db.transaction(change) : change());
        },
        { id, enabled, isTogether },
      );
    await setEnabled(false, true);
    await storesUntil(0);
    await setEnabled(true, false);
    await storesUntil(1);
  });
});

describe.each(reachable('sqlite', 'postgres', 'mysql'))('a Strapi on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database });
  });
  afterAll(() => stage?.stop());

  it('counts a change that is not committed only in its own transaction', async () => {
    const webhook = await stage.makeWebhook();
    const counts = await stage.app.run(
      async (strapi, { id, uid }) => {
        const { AsyncResource } = require('node:async_hooks');
        const outside = new AsyncResource('another request');
        const hasOne = strapi.db.dialect.client === 'sqlite';
        const write = async () => {
          const { documentId } = await strapi.documents(uid).create({ data: { title: 'New' } });
          const rows = strapi.db.queryBuilder('plugin::workflow-webhooks.delivery-row');
          return (await rows.select('id').where({ documentId }).execute()).length as number;
        };
        const seen: Record<string, number> = {};
        const undone = strapi.db.transaction(async () => {
          seen.before = await write();
          await strapi.db
            .query('plugin::workflow-webhooks.webhook')
            .update({ where: { documentId: id }, data: { enabled: false } });
          seen.inside = await write();
          // SQLite has one connection: another request waits for the end of this one.
          if (!hasOne) seen.outside = await outside.runInAsyncScope(write);
          seen.again = await write();
          throw new Error('Undo');
        });
        await undone.catch(() => undefined);
        if (hasOne) seen.outside = await write();
        seen.after = await write();
        return seen;
      },
      { id: webhook.id, uid: NOTICE },
    );
    expect(counts).toEqual({ before: 1, inside: 0, outside: 1, again: 0, after: 1 });
  });
});
