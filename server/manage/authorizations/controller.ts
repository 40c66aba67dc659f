import { authorizationCheckSchema, authorizationInputSchema } from '../../contract/authorization';
import { pagingSchema, searchQuerySchema } from '../../contract/api';
import { parse, parseChange } from '../../strapi/errors';
import { created, idOf, one, type Context } from '../answers';
import type { Authorizations } from './authorizations.service';
import type { Trying } from './trying.service';

type Parts = { authorizations: Authorizations; trying: Trying };

export default (parts: () => Parts) => {
  const authorizations = () => parts().authorizations;
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await authorizations().list(
        parse(searchQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async choices(context: Context) {
      one(context, await authorizations().choices());
    },
    async findOne(context: Context) {
      one(context, await authorizations().find(idOf(context)));
    },
    async create(context: Context) {
      created(
        context,
        await authorizations().create(parse(authorizationInputSchema, context.request.body)),
      );
    },
    async update(context: Context) {
      const change = parseChange(authorizationInputSchema, context.request.body);
      one(context, await authorizations().update(idOf(context), change));
    },
    async check(context: Context) {
      const { url } = parse(authorizationCheckSchema, context.request.body ?? {});
      one(context, await parts().trying(idOf(context), url));
    },
    async delete(context: Context) {
      one(context, await authorizations().remove(idOf(context)));
    },
  };
};
