/** The behaviour of the installed Strapi that `server/strapi/` rests on: one test per port, the first to fail when Strapi changes it. */
import { startStrapi, type App } from '../../support/strapi';
import { PAGE, pageForm } from './recording';

let app: App;

beforeAll(async () => {
  app = await startStrapi();
});
afterAll(() => app?.stop());

describe('documents.service', () => {
  it('gets `{ action, uid, params }`, and a row or `{ entries }` as the result', async () => {
    const seen = await app.run(
      async (strapi, { uid, data }) => {
        const calls: unknown[] = [];
        strapi.documents.use(async (call: any, next: () => Promise<any>) => {
          const result = await next();
          const rows = result?.entries ?? [result];
          const { action, params } = call;
          if (call.uid === uid)
            calls.push([action, params.documentId ?? null, rows.map((row: any) => typeof row.id)]);
          return result;
        });
        const { documentId } = await strapi.documents(uid).create({ data });
        await strapi.documents(uid).publish({ documentId });
        await strapi.documents(uid).delete({ documentId });
        return { calls, documentId };
      },
      { uid: PAGE, data: pageForm() },
    );
    expect(seen.calls).toEqual([
      ['create', null, ['number']],
      ['publish', seen.documentId, ['number']],
      ['delete', seen.documentId, ['number', 'number']],
    ]);
  });
});

describe('database.service', () => {
  it('has one repository per model, whose methods can be replaced for every caller', async () => {
    const found = await app.run((strapi, uid) => {
      const repository = strapi.db.query(uid);
      return {
        isSame: repository === strapi.db.query(uid),
        isOurs: ['delete', 'deleteMany'].map((method) => Object.hasOwn(repository, method)),
      };
    }, PAGE);
    expect(found).toEqual({ isSame: true, isOurs: [true, true] });
  });

  it('leaves `updatedAt` of a row alone in `updateMany`, unless the data names it', async () => {
    const found = await app.run(
      async (strapi, { uid, data }) => {
        const rows = strapi.db.query(uid);
        const { id } = await rows.create({ data });
        const change = async (changes: object) => {
          await rows.updateMany({ where: { id }, data: changes });
          return new Date((await rows.findOne({ where: { id } })).updatedAt).getTime();
        };
        const named = await change({ updatedAt: new Date(1_000) });
        return [named, await change({ title: 'Other' })];
      },
      { uid: PAGE, data: pageForm() },
    );
    expect(found).toEqual([1000, 1000]);
  });

  it('joins the open transaction, and runs lifecycles inside it with a shared state', async () => {
    const found = await app.run(
      async (strapi, { uid, data }) => {
        const steps: string[] = [];
        const unsubscribe = strapi.db.lifecycles.subscribe({
          models: [uid],
          async beforeUpdate({ state }: any) {
            await new Promise((resolve) => setImmediate(resolve));
            state.before = strapi.db.inTransaction();
          },
          afterUpdate: ({ state }: any) => void steps.push(`before: ${state.before}`),
        });
        const { id } = await strapi.db.query(uid).create({ data });
        await strapi.db.transaction(async ({ trx, onCommit }: any) => {
          steps.push(`promise: ${typeof trx.executionPromise.then}`);
          onCommit(() => steps.push('committed'));
          await strapi.db.query(uid).update({ where: { id }, data: { title: 'Other' } });
          await strapi.db.transaction(({ trx: inner }: any) =>
            steps.push(`joined: ${inner === trx}`),
          );
        });
        unsubscribe();
        return steps;
      },
      { uid: PAGE, data: pageForm() },
    );
    expect(found).toEqual(['promise: function', 'before: true', 'joined: true', 'committed']);
  });

  it('keeps the models of the database, which its registry no longer names', async () => {
    const found = await app.run((strapi) => {
      const isOurs = (uid: string) => uid.startsWith('plugin::workflow-webhooks.');
      const registry = strapi.get('models');
      return {
        isItsOwnList: registry.get() === registry.get(),
        named: registry.get().filter(({ uid }: any) => isOurs(uid)).length,
        known: strapi.db.metadata.has('plugin::workflow-webhooks.schedule-row'),
      };
    });
    expect(found).toEqual({ isItsOwnList: true, named: 0, known: true });
  });
});

describe('requests.service: routes', () => {
  it('has routes of the content manager and of transfers, with functions as middlewares', async () => {
    const found = await app.run((strapi) => {
      const routes = [strapi.plugin('content-manager').routes, strapi.admin.routes].flatMap(
        ({ admin }) => admin.routes,
      );
      return ['collection-types.publish', 'collection-types.find', 'transfer.runner-pull'].map(
        (name) =>
          routes
            .find(({ handler }: any) => handler === name)
            ?.config.middlewares.some((one: unknown) => typeof one === 'function'),
      );
    });
    expect(found).toEqual([true, true, true]);
  });

  it('runs them: the plugin keeps its own types out of the content manager', async () => {
    const path = '/content-manager/collection-types/plugin::workflow-webhooks.webhook';
    expect((await app.request('GET', path)).status).toBe(404);
  });
});

describe('model/schema.service', () => {
  it('has the columns and join tables of a model', async () => {
    const found = await app.run((strapi) => {
      const { tableName, attributes } = strapi.db.metadata.get('api::article.article');
      const links = Object.values<any>(attributes).flatMap(({ joinTable }) => joinTable ?? []);
      return {
        table: tableName,
        column: attributes.title.columnName,
        hasNames: links.every(({ name, joinColumn }) => Boolean(name && joinColumn.name)),
        hasLinks: links.length > 0,
      };
    });
    expect(found).toEqual({ table: 'articles', column: 'title', hasNames: true, hasLinks: true });
  });
});

describe('permissions', () => {
  it('has the services by which the content manager decides', async () => {
    const found = await app.run((strapi, uid) => {
      const service = (name: string) => strapi.plugin('content-manager').service(name);
      return [
        typeof service('permission-checker').create,
        typeof service('populate-builder')(uid).populateFromQuery({}).build,
        typeof strapi.service('admin::permission').createPermissionsManager,
        typeof strapi.get('query-params').transform,
      ];
    }, PAGE);
    expect(found).toEqual(['function', 'function', 'function', 'function']);
  });
});

describe('admin.service', () => {
  it('encrypts in the format that the plugin reads, and has the hook of the roles', async () => {
    const found = await app.run((strapi) => {
      const encryption = strapi.service('admin::encryption');
      const encrypted = encryption.encrypt('secret');
      return {
        format: /^v1:[0-9a-f]+:[0-9a-f]+:[0-9a-f]+$/.test(encrypted),
        text: encryption.decrypt(encrypted),
        hook: typeof strapi.service('admin::role').hooks.willResetSuperAdminPermissions.register,
      };
    });
    expect(found).toEqual({ format: true, text: 'secret', hook: 'function' });
  });
});

describe('errors', () => {
  it('are those that Strapi compares with: a refused form is a 400 with the path of each problem', async () => {
    const { status, body } = await app.request('POST', '/workflow-webhooks/webhooks', {});
    expect(status).toBe(400);
    expect(body.error.details.errors[0].path).toEqual(expect.any(Array));
  });
});

describe('requests.service: the actor', () => {
  it('finds the strategy of authentication in the state of the request', async () => {
    await app.run((strapi, uid) => {
      strapi.documents.use((call: any, next: () => unknown) => {
        const { auth } = strapi.requestContext.get()?.state ?? {};
        if (call.uid === uid && auth) strapi.strategyOfTest = auth.strategy.name;
        return next();
      });
    }, PAGE);
    await app.contentApi('GET', '/pages');
    expect(await app.run((strapi) => strapi.strategyOfTest)).toMatch(/^(content-)?api-token$/);
  });
});
