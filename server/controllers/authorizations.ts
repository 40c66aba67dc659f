import type { Core } from '@strapi/strapi';
import { authorizationInputSchema } from '../contract/authorization';
import { pagingSchema, searchQuerySchema } from '../contract/paging';
import { parse } from '../errors';
import { roomsOf } from '../rooms.service';
import { created, idOf, one, type Context } from './answers';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const authorizations = () => roomsOf(strapi).authorizations;
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await authorizations().list(
        parse(searchQuerySchema, query),
        parse(pagingSchema, query),
      );
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
      one(
        context,
        await authorizations().update(
          idOf(context),
          parse(authorizationInputSchema, context.request.body),
        ),
      );
    },
    async delete(context: Context) {
      one(context, await authorizations().remove(idOf(context)));
    },
  };
};
