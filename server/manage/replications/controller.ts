import { pagingSchema } from '../../contract/api';
import { permissionUid } from '../../contract/names';
import {
  replicationInputSchema,
  replicationQuerySchema,
  replicationSettingsSchema,
} from '../../contract/replication';
import { parse, parseChange, errors } from '../../strapi/errors';
import { created, idOf, one, type Context } from '../answers';
import type { Replications } from './replications.service';

type Parts = { replications: Replications };

const NOT_RUNNING =
  'You may not run replications. Ask an administrator for the permission "Run", or leave "run" out.';

export default (parts: () => Parts) => {
  const replications = () => parts().replications;
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await replications().list(
        parse(replicationQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async findOne(context: Context) {
      one(context, await replications().find(idOf(context)));
    },
    async create(context: Context) {
      const { run, ...settings } = parse(replicationInputSchema, context.request.body);
      if (run && !context.state.userAbility.can(permissionUid('replication.run')))
        throw new errors.PolicyError(NOT_RUNNING);
      const made = await replications().create(settings);
      created(context, run ? await replications().run(made.id) : made);
    },
    async update(context: Context) {
      const change = parseChange(replicationSettingsSchema, context.request.body);
      one(context, await replications().update(idOf(context), change));
    },
    async delete(context: Context) {
      one(context, await replications().remove(idOf(context)));
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
