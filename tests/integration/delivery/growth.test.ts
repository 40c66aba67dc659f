/** What happens all the time costs the same with one webhook and with many. Counted in statements, not in time. */
import { reachable } from './reachable';
import { Stage, until } from './stage';

const MANY = 300;
/** A statement that inserts rows takes so many. */
const CHUNK = 200;
const LOOKS = 5;

type Statement = { sql: string; trx: string | null };

/** Another so many webhooks like this one. */
const copyWebhook = (stage: Stage, id: string, count: number) =>
  stage.app.run(
    async (strapi, args) => {
      const webhooks = strapi.db.query('plugin::workflow-webhooks.webhook');
      const { id: _, ...row } = await webhooks.findOne({ where: { documentId: args.id } });
      await strapi.db.transaction(async () => {
        for (let index = 0; index < args.count; index += 1)
          await webhooks.create({ data: { ...row, documentId: `copy-${args.id}-${index}` } });
      });
    },
    { id, count },
  );

/** The statements until the dispatcher has looked for due deliveries a few times. */
const idleStatements = (stage: Stage): Promise<Statement[]> =>
  stage.app.run(async (strapi, looks) => {
    const found: Statement[] = [];
    const listen = ({ sql, __knexTxId: trx = null }: any) => found.push({ sql, trx });
    strapi.db.connection.on('query', listen);
    const isLook = ({ sql }: Statement) => sql.includes('webhook_id') && sql.includes('distinct');
    while (found.filter(isLook).length < looks)
      await new Promise((resolve) => setTimeout(resolve, 50));
    strapi.db.connection.removeListener('query', listen);
    return found;
  }, LOOKS);

/** The statements of the transaction that stores one notice, and how many deliveries it stored. */
const statementsOfSave = (stage: Stage) =>
  stage.app.run(async (strapi) => {
    const found: Statement[] = [];
    const listen = ({ sql, __knexTxId: trx = null }: any) => found.push({ sql, trx });
    strapi.db.connection.on('query', listen);
    const { documentId } = await strapi
      .documents('api::notice.notice')
      .create({ data: { title: 'Counted' } });
    strapi.db.connection.removeListener('query', listen);
    const own = found.find(({ sql }) => /^insert into \W?notices\W/.test(sql))?.trx;
    const rows = strapi.db.queryBuilder('plugin::workflow-webhooks.delivery-row');
    return {
      deliveries: (await rows.select('id').where({ documentId }).execute()).length as number,
      inside: found.filter(({ trx }) => trx === own).length,
      ofWebhooks: found.filter(({ sql }) => sql.includes('workflow_webhooks_webhooks')).length,
    };
  });

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database });
  });
  afterAll(() => stage?.stop());
  afterEach(async () => {
    await stage.app.run((strapi) =>
      strapi.db.query('plugin::workflow-webhooks.webhook').deleteMany({ where: {} }),
    );
    stage.receiver.clear();
  });

  /** The first save after a change reads the webhooks. */
  const settledSave = async () => {
    await stage.write();
    return until(
      () => statementsOfSave(stage),
      // Now and then everything is read again, and then a save may find the connection busy.
      ({ ofWebhooks }) => ofWebhooks === 0,
    );
  };

  it('an idle process reads no webhook, and asks the same with few as with many', async () => {
    const { id } = await stage.makeWebhook();
    const distinct = (statements: Statement[]) => [...new Set(statements.map(({ sql }) => sql))];
    // A webhook that is new is claimed for once.
    const looksOf = () =>
      until(
        () => idleStatements(stage),
        (statements) => !statements.some(({ sql }) => /\bas .pending./.test(sql)),
      );
    const few = await looksOf();
    await copyWebhook(stage, id, MANY);
    const many = await looksOf();
    const webhooksRead = many.filter(({ sql }) => sql.includes('workflow_webhooks_webhooks'));
    // Once in half a minute everything is read again.
    expect(webhooksRead.length).toBeLessThanOrEqual(1);
    const known = new Set(distinct(few));
    const others = distinct(many).filter((sql) => !known.has(sql));
    expect(others.filter((sql) => /deliveries|health|changes/.test(sql))).toEqual([]);
  });

  it('a save makes the same statements with one and with many webhooks that do not want it', async () => {
    const { id } = await stage.makeWebhook({ events: ['entry.delete'] });
    const one = await settledSave();
    await copyWebhook(stage, id, MANY);
    expect(await settledSave()).toEqual({ ...one, deliveries: 0 });
  });

  it('a save makes the same statements for two and for many webhooks that want it', async () => {
    const { id } = await stage.makeWebhook();
    await copyWebhook(stage, id, 1);
    const two = await settledSave();
    expect(two.deliveries).toBe(2);
    const more = await stage.makeWebhook({ path: '/other' });
    await copyWebhook(stage, more.id, CHUNK - 3);
    const many = await settledSave();
    expect(many.deliveries).toBe(CHUNK);
    expect(many.inside).toBe(two.inside);
  });
});
