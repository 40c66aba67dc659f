import { pagingSchema } from '../../contract/api';
import { permissionUid, type PermissionName } from '../../contract/names';
import {
  scheduleInputSchema,
  scheduleQuerySchema,
  scheduleTimesSchema,
  type ListedSchedule,
} from '../../contract/schedule';
import { parse, parseChange, errors } from '../../strapi/errors';
import type { Place } from '../../strapi/model/place';
import { created, idOf, one, requesterOf, type Context } from '../answers';
import type { Titles } from '../../strapi/permissions/reading.service';
import type { Access } from '../../workflow/editor/access.service';
import type { Locales } from '../../strapi/locales.service';
import type { Schedules } from './schedules.service';

type Parts = { access: Access; locales: Locales; schedules: Schedules; titles: Titles };

const NOT_YOURS =
  'You may not see all schedules. Ask for those of a document that you may publish, or ask an administrator for the permission "Read" of schedules.';

const NOT_SCHEDULING =
  'You may not schedule. Ask an administrator for the permissions "Create" and "Update" of schedules.';

/**
 * To schedule is to publish later: it takes the permission, and the right to publish the document. Seeing and cancelling
 * take one of them.
 */
export default (parts: () => Parts) => {
  const has = (context: Context, name: PermissionName) =>
    context.state.userAbility.can(permissionUid(name));

  const checkPlace = async (context: Context, place: Place, name: PermissionName) => {
    if (has(context, name)) return;
    await mayPublish(context)(place);
  };

  /** As Strapi's Releases have it: a permission of its own, and the right to do at once what is scheduled. */
  const needs = (context: Context, name: PermissionName) => {
    if (!has(context, name)) throw new errors.PolicyError(NOT_SCHEDULING);
  };
  const mayPublish = (context: Context) => (place: Place) =>
    parts().access.check(place, 'publish', requesterOf(context));

  const checkOne = async (context: Context, name: PermissionName) => {
    if (has(context, name)) return;
    // Who may not see it is not told whether it is there.
    const row = await parts()
      .schedules.rowOf(idOf(context))
      .catch(() => null);
    if (!row) throw new errors.PolicyError(NOT_YOURS);
    await checkPlace(context, row, name);
  };

  /** An error may name the document, and repeat what a validation said of any of its fields. */
  const withPermittedErrors = async (context: Context, found: ListedSchedule[]) => {
    const failed = found.filter(({ error }) => error !== null);
    const areReadable = await parts().titles.areReadable(failed, requesterOf(context));
    const hidden = new Set(failed.filter((_schedule, index) => !areReadable[index]));
    return found.map((one) =>
      hidden.has(one) ? { ...one, error: null, isErrorHidden: true } : one,
    );
  };

  return {
    async find(context: Context) {
      const query = parse(scheduleQuerySchema, context.query);
      const { uid, documentId, locale } = query;
      if (!has(context, 'schedule.read')) {
        if (!uid || !documentId) throw new errors.PolicyError(NOT_YOURS);
        const place = { uid, documentId, locale: await parts().locales.one(uid, locale) };
        await checkPlace(context, place, 'schedule.read');
        if (place.locale !== null) query.locale = place.locale;
      }
      const paging = parse(pagingSchema, context.query);
      const page = await parts().schedules.list(query, paging, (places) =>
        parts().titles.readable(places, requesterOf(context)),
      );
      context.body = { ...page, data: await withPermittedErrors(context, page.data) };
    },
    async create(context: Context) {
      needs(context, 'schedule.create');
      const input = parse(scheduleInputSchema, context.request.body);
      created(context, await parts().schedules.create(input, mayPublish(context)));
    },
    async update(context: Context) {
      needs(context, 'schedule.update');
      const change = parseChange(scheduleTimesSchema, context.request.body);
      await mayPublish(context)(await parts().schedules.rowOf(idOf(context)));
      one(context, await parts().schedules.update(idOf(context), change));
    },
    async delete(context: Context) {
      await checkOne(context, 'schedule.delete');
      one(context, await parts().schedules.remove(idOf(context)));
    },
  };
};
