import type { Core } from '@strapi/strapi';
import { z } from 'zod';
import { bypassSchema, documentStatesSchema, runCommandSchema } from '../contract/document';
import { parse } from '../errors';
import { roomsOf } from '../rooms.service';
import { errors } from '../strapi-errors';
import type { Requester } from '../workflow/editor/access.service';
import type { Place } from '../workflow/state/place';
import { idOf, one, type Context } from './answers';

const localeSchema = z.object({ locale: z.string().max(35).optional() });

const NO_BYPASS =
  'You may not publish past a workflow. Ask an administrator for the permission "Bypass" of workflows.';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const rooms = () => roomsOf(strapi);

  const placeOf = async (context: Context): Promise<Place> => {
    const { uid = '' } = context.params;
    const { locale } = parse(localeSchema, context.query);
    return {
      uid,
      documentId: idOf(context, 'documentId'),
      locale: await rooms().locales.one(uid, locale),
    };
  };

  const requesterOf = ({ state }: Context) => state as unknown as Requester;

  return {
    async find(context: Context) {
      const uid = context.params.uid ?? '';
      const requester = requesterOf(context);
      const { documentIds, locale } = parse(documentStatesSchema, context.query);
      const { access, views, locales } = rooms();
      access.checkType(uid, requester);
      const where = { uid, locale: await locales.one(uid, locale) };
      one(
        context,
        await views.many(where, documentIds, {
          mayRun: access.mayRun(uid, requester),
          mayBypass: access.mayBypass(uid, requester),
        }),
      );
    },
    async findOne(context: Context) {
      const place = await placeOf(context);
      const requester = requesterOf(context);
      const { access, views } = rooms();
      await access.check(place, 'read', requester);
      one(
        context,
        await views.one(place, {
          mayRun: access.mayRun(place.uid, requester),
          mayBypass: access.mayBypass(place.uid, requester),
        }),
      );
    },
    async run(context: Context) {
      const place = await placeOf(context);
      const requester = requesterOf(context);
      const { command = '' } = context.params;
      const wish = parse(runCommandSchema, context.request.body);
      const { access, actor, commands } = rooms();
      await access.checkRun(place, command, requester);
      const mayRun = access.mayRun(place.uid, requester);
      one(context, await commands.run(place, { ...wish, command }, { actor: actor(), mayRun }));
    },
    async bypass(context: Context) {
      const place = await placeOf(context);
      const requester = requesterOf(context);
      const { comment } = parse(bypassSchema, context.request.body);
      const { access, actor, commands } = rooms();
      await access.check(place, 'publish', requester);
      if (!access.mayBypass(place.uid, requester)) throw new errors.PolicyError(NO_BYPASS);
      one(context, await commands.bypass(place, comment, actor()));
    },
  };
};
