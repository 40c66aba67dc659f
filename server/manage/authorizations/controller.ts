import { authorizationCheckSchema, authorizationInputSchema } from '../../contract/authorization';
import { searchQuerySchema } from '../../contract/api';
import { parse } from '../../strapi/errors';
import { idOf, one, resourceActions, type Context } from '../answers';
import type { Authorizations } from './authorizations.service';
import type { AuthorizationCheck } from './check.service';

type Parts = { authorizations: Authorizations; checkAuthorization: AuthorizationCheck };

export default (parts: () => Parts) => {
  const authorizations = () => parts().authorizations;
  return {
    ...resourceActions(authorizations, {
      query: searchQuerySchema,
      settings: authorizationInputSchema,
    }),
    async choices(context: Context) {
      one(context, await authorizations().choices());
    },
    async check(context: Context) {
      const { url } = parse(authorizationCheckSchema, context.request.body ?? {});
      one(context, await parts().checkAuthorization(idOf(context), url));
    },
  };
};
