import { pagingSchema } from '../../contract/api';
import type { PermissionName } from '../../contract/names';
import {
  scheduleInputSchema,
  scheduleQuerySchema,
  scheduleTimesSchema,
  type ListedSchedule,
} from '../../contract/schedule';
import { forbidden, parse, parseChange } from '../../strapi/errors';
import type { Place } from '../../strapi/model/content-model';
import type { Titles } from '../../strapi/permissions/reading.service';
import type { Access } from '../../workflow/editor/access.service';
import type { Locales } from '../../strapi/model/schema.service';
import { created, has, idOf, answer, type Context } from '../answers';
import type { Schedules } from './schedules.service';

type Parts = { access: Access; locales: Locales; schedules: Schedules; titles: Titles };

/**
 * A schedule publishes later. As with Strapi's Releases, creating one needs a permission of its own, and the right to publish
 * the document. One of the two is enough to see or cancel a schedule.
 */
export default (parts: () => Parts) => {
  const schedules = () => parts().schedules;

  const checkMaySchedule = (context: Context, name: PermissionName) => {
    if (!has(context, name)) throw forbidden('may-not-schedule');
  };

  const mayPublish = (context: Context) => (place: Place) =>
    parts().access.check(place, 'publish', context.state);

  const checkMayDelete = async (context: Context) => {
    if (has(context, 'schedule.delete')) return;
    // An administrator who may not see the schedule does not learn whether it exists.
    const row = await schedules()
      .rowOf(idOf(context))
      .catch(() => null);
    if (!row) throw forbidden('may-not-read-schedules');
    await mayPublish(context)(row);
  };

  /** An error may name the document, and repeat the messages of a validation about any of its fields. */
  const withPermittedErrors = async (context: Context, found: ListedSchedule[]) => {
    const failed = found.filter(({ error }) => error !== null);
    const areReadable = await parts().titles.areReadable(failed, context.state);
    const hidden = new Set(failed.filter((_schedule, index) => !areReadable[index]));
    return found.map((schedule) =>
      hidden.has(schedule) ? { ...schedule, error: null, isErrorHidden: true } : schedule,
    );
  };

  return {
    async find(context: Context) {
      const query = parse(scheduleQuerySchema, context.query);
      const { uid, documentId, locale } = query;
      if (!has(context, 'schedule.read')) {
        if (!uid || !documentId) throw forbidden('may-not-read-schedules');
        const place = { uid, documentId, locale: await parts().locales.one(uid, locale) };
        await mayPublish(context)(place);
        if (place.locale !== null) query.locale = place.locale;
      }
      const paging = parse(pagingSchema, context.query);
      const page = await schedules().list(query, paging, (places) =>
        parts().titles.readable(places, context.state),
      );
      context.body = { ...page, data: await withPermittedErrors(context, page.data) };
    },
    async create(context: Context) {
      checkMaySchedule(context, 'schedule.create');
      const input = parse(scheduleInputSchema, context.request.body);
      created(context, await schedules().create(input, mayPublish(context)));
    },
    async update(context: Context) {
      checkMaySchedule(context, 'schedule.update');
      const change = parseChange(scheduleTimesSchema, context.request.body);
      await mayPublish(context)(await schedules().rowOf(idOf(context)));
      answer(context, await schedules().update(idOf(context), change));
    },
    async delete(context: Context) {
      await checkMayDelete(context);
      answer(context, await schedules().remove(idOf(context)));
    },
  };
};
