import { z } from 'zod';
import { bypassSchema, documentStatesSchema, runCommandSchema } from '../../contract/document';
import type { Actor } from '../../contract/event';
import { forbidden, parse } from '../../strapi/errors';
import type { Place } from '../../strapi/model/content-model';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { Commands } from '../../workflow/command/commands.service';
import type { Access, ShownVerdicts } from '../../workflow/editor/access.service';
import type { Views } from '../../workflow/editor/views.service';
import type { Locales } from '../../strapi/model/schema.service';
import { idOf, answer, type Context } from '../answers';

type Parts = {
  access: Access;
  actor(): Actor;
  commands: Commands;
  locales: Locales;
  reading: Reading;
  shownVerdicts: ShownVerdicts;
  views: Views;
};

const localeSchema = z.object({ locale: z.string().max(35).optional() });

export default (parts: () => Parts) => {
  const placeOf = async (context: Context): Promise<Place> => {
    const { uid = '' } = context.params;
    const { locale } = parse(localeSchema, context.query);
    return {
      uid,
      documentId: idOf(context, 'documentId'),
      locale: await parts().locales.one(uid, locale),
    };
  };

  return {
    async find(context: Context) {
      const { uid = '' } = context.params;
      const requester = context.state;
      const { documentIds, locale } = parse(documentStatesSchema, context.query);
      const { access, views, locales, reading } = parts();
      access.checkType(uid, 'read', requester);
      const where = { uid, locale: await locales.one(uid, locale) };
      const rows = await reading.by(requester).edited(uid, documentIds);
      const readable = rows.filter((row) => where.locale === null || row.locale === where.locale);
      const ids = new Set(readable.map((row) => row.documentId as string));
      const rights = {
        mayRun: access.mayRun(uid, requester),
        mayBypass: access.mayBypass(uid, requester),
      };
      answer(context, await views.many(where, [...ids], rights));
    },
    async findOne(context: Context) {
      const place = await placeOf(context);
      const requester = context.state;
      const { access, views, shownVerdicts } = parts();
      const { uid } = place;
      const entity = await access.check(place, 'read', requester);
      const view = await views.one(place, {
        mayRun: access.mayRun(uid, requester, { entity }),
        mayBypass: access.mayBypass(uid, requester, { entity }),
      });
      const filter = await shownVerdicts.filterFor({ uid, entities: [entity] }, requester);
      const history = view.history.map((entry) => ({ ...entry, verdicts: filter(entry.verdicts) }));
      answer(context, { ...view, history });
    },
    async run(context: Context) {
      const place = await placeOf(context);
      const requester = context.state;
      const { command = '' } = context.params;
      const input = parse(runCommandSchema, context.request.body);
      const { access, actor, commands, shownVerdicts } = parts();
      const { uid } = place;
      const entity = await access.checkRun(place, command, requester);
      const subject = { uid, entities: [entity] };
      const runner = { actor: actor(), mayRun: access.mayRun(uid, requester) };
      const result = await commands
        .run(place, { ...input, command }, runner)
        .catch(async (error) => {
          throw await shownVerdicts.shownError(error, subject, requester);
        });
      answer(context, await shownVerdicts.shownResult(result, subject, requester));
    },
    async bypass(context: Context) {
      const place = await placeOf(context);
      const requester = context.state;
      const { comment } = parse(bypassSchema, context.request.body);
      const { access, actor, commands } = parts();
      await access.check(place, 'publish', requester);
      if (!access.mayBypass(place.uid, requester)) throw forbidden('may-not-bypass');
      answer(context, await commands.bypass(place, comment, actor()));
    },
  };
};
