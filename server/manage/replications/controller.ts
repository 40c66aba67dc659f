import { pagingSchema } from '../../contract/api';
import {
  replicationInputSchema,
  replicationQuerySchema,
  replicationSettingsSchema,
} from '../../contract/replication';
import { forbidden, parse } from '../../strapi/errors';
import { created, has, idOf, one, resourceActions, type Context } from '../answers';
import type { Replications } from './replications.service';

export default (parts: () => { replications: Replications }) => {
  const replications = () => parts().replications;
  return {
    ...resourceActions(replications, {
      query: replicationQuerySchema,
      settings: replicationSettingsSchema,
    }),
    async create(context: Context) {
      const { run, ...settings } = parse(replicationInputSchema, context.request.body);
      if (run && !has(context, 'replication.run')) throw forbidden('may-not-run-replications');
      const made = await replications().create(settings);
      created(context, run ? await replications().run(made.id) : made);
    },
    async runs(context: Context) {
      context.body = await replications().runs(idOf(context), parse(pagingSchema, context.query));
    },
    async run(context: Context) {
      one(context, await replications().run(idOf(context)));
    },
    async cancel(context: Context) {
      one(context, await replications().cancel(idOf(context)));
    },
  };
};
