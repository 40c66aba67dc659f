/** Schedules as editors make, change, see and cancel them; each act is told in the transaction that stores it. */
import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Actor } from '../../contract/event';
import type { Page, Paging } from '../../contract/api';
import type {
  ListedSchedule,
  Schedule,
  ScheduleInput,
  ScheduleQuery,
  ScheduleTimes,
} from '../../contract/schedule';
import type { Clock } from '../../strapi/clock.service';
import { invalid, notFound, type Change, errors } from '../../strapi/errors';
import { orderOf, pageOf } from '../../store/page';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Certain } from '../../store/certain.service';
import type { Saving } from '../saving.service';
import type { Locales } from '../../workflow/sources/locales.service';
import type { Place } from '../../strapi/model/place';
import { SCHEDULE_UID } from '../../store/schedule-model';
import {
  answerOf,
  changesOf,
  dueOf,
  ended,
  openKeyOf,
  timeProblems,
  timesOf,
  type ScheduleRow,
} from '../../schedule/plan';
import type { ScheduleNotices } from '../../schedule/notices.service';

const SORTABLE = ['dueAt', 'publishAt', 'archiveAt', 'createdAt', 'state'];

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  locales: Locales;
  clock: Clock;
  notices: ScheduleNotices;
  transaction: Certain;
  saving: Saving;
  actor(): Actor;
  onChange(): void;
};

type Untitled = Omit<ListedSchedule, 'title'>;
type TitlesOf = (places: Place[]) => Promise<(string | null)[]>;

const TAKEN =
  'This document already has an open schedule in this locale. Change or cancel that one.';

const RUNNING = 'This schedule is being run just now. Look at it again.';

const whereOf = ({ from, to, ...same }: ScheduleQuery) => ({
  ...same,
  ...(from || to
    ? {
        dueAt: {
          ...(from ? { $gte: Date.parse(from) } : {}),
          ...(to ? { $lte: Date.parse(to) } : {}),
        },
      }
    : {}),
});

function checkOpen({ claimId, state }: ScheduleRow): void {
  if (claimId !== null) throw new errors.ApplicationError(RUNNING);
  if (state === 'scheduled') return;
  throw new errors.ApplicationError(
    `This schedule is ${state} and can no longer be changed. Make a new one.`,
  );
}

function newRow(plan: Place & ReturnType<typeof timesOf>, { by, now }: { by: Actor; now: number }) {
  return {
    ...plan,
    scheduleId: randomUUID(),
    state: 'scheduled',
    isPublished: false,
    dueAt: plan.publishAt ?? plan.archiveAt,
    openKey: openKeyOf(plan),
    actor: JSON.stringify(by),
    createdAt: now,
    updatedAt: now,
    tries: 0,
  };
}

/** What other times make of it. */
function rescheduled({ isPublished }: ScheduleRow, times: ScheduleTimes) {
  const stored = timesOf(times);
  const dueAt = (isPublished ? null : stored.publishAt) ?? stored.archiveAt;
  if (dueAt === null)
    throw invalid([{ path: ['archiveAt'], message: 'It is published: expected when to archive.' }]);
  return { ...stored, dueAt, tries: 0, error: null };
}

export const createSchedules = (options: Options) => {
  const { strapi, schemas, locales, clock, notices, transaction, actor, onChange } = options;
  const rows = () => strapi.db.query(SCHEDULE_UID as never);
  const saving = options.saving.of<ScheduleRow>({
    uid: SCHEDULE_UID,
    key: 'scheduleId',
    what: 'schedule',
  });

  const rowOf = async (id: string): Promise<ScheduleRow> => {
    const row = (await rows().findOne({ where: { scheduleId: id } })) as ScheduleRow | null;
    if (!row) throw notFound('schedule');
    return row;
  };

  const checkFree = async (openKey: string) => {
    if (await rows().findOne({ where: { openKey } }))
      throw invalid([{ path: ['documentId'], message: TAKEN }]);
  };

  const checkPlace = async (place: { uid: string; documentId: string; locale: string | null }) => {
    const model = schemas.watched(place.uid)?.model;
    if (!model || !hasDraftAndPublish(model))
      throw invalid([
        { path: ['uid'], message: 'Expected a content type that has draft and publish.' },
      ]);
    if (!(await notices.entryOf(place)))
      throw invalid([
        { path: ['documentId'], message: 'Expected a document that exists in this locale.' },
      ]);
  };

  const checkTimes = (times: ScheduleTimes, stored?: ScheduleRow) => {
    const problems = timeProblems(times, { now: clock.now(), stored });
    if (problems.length > 0) throw invalid(problems);
  };

  /** `mayPublish` throws where whoever asks may not publish the document. */
  const create = async (
    input: ScheduleInput,
    mayPublish: (place: Place) => Promise<unknown>,
  ): Promise<Schedule> => {
    checkTimes(input);
    const { uid, documentId } = input;
    const place = { uid, documentId, locale: await locales.one(uid, input.locale) };
    await checkPlace(place);
    await mayPublish(place);
    await checkFree(openKeyOf(place));
    const data = newRow({ ...place, ...timesOf(input) }, { by: actor(), now: clock.now() });
    await transaction(async () => {
      await rows().create({ data });
      await notices.audited(data, 'created');
      await notices.record('schedule.create', await rowOf(data.scheduleId), { by: actor() });
    }).catch(async (error) => {
      // Of two at once, the unique key lets one through.
      await checkFree(data.openKey);
      throw error;
    });
    onChange();
    return answerOf(await rowOf(data.scheduleId));
  };

  /** Only what is still as it was read: a runner may have taken it meanwhile. */
  const change = async (row: ScheduleRow, data: Partial<ScheduleRow>) => {
    const { count } = await rows().updateMany({
      where: { id: row.id, state: 'scheduled', dueAt: row.dueAt },
      data,
    });
    if (count === 0) throw new errors.ApplicationError(RUNNING);
  };

  const changed = (times: ScheduleTimes, row: ScheduleRow) => {
    checkOpen(row);
    checkTimes(times, row);
    return rescheduled(row, times);
  };

  const update = async (
    id: string,
    { settings, version }: Change<ScheduleTimes>,
  ): Promise<Schedule> => {
    await saving.change(
      { id, version },
      {
        prepare: async (row) => changed(settings, row),
        write: async (data, row) => {
          await change(row, data);
          const after = await rowOf(id);
          const changes = changesOf(row, after);
          const fields = changes.map(({ field }) => field);
          await notices.audited(row, 'changed', fields);
          await notices.record('schedule.update', after, { by: actor(), changes });
        },
      },
    );
    onChange();
    return answerOf(await rowOf(id));
  };

  /** Cancels it; the row stays in the list. */
  const remove = async (id: string): Promise<Schedule> => {
    const row = await rowOf(id);
    checkOpen(row);
    await transaction(async () => {
      await change(row, { ...ended(row), state: 'cancelled', error: null });
      await notices.audited(row, 'cancelled');
      await notices.record('schedule.delete', await rowOf(id), { by: actor() });
    });
    return answerOf(await rowOf(id));
  };

  const listed = async (row: ScheduleRow): Promise<Untitled> => {
    const info = await schemas.infoOf(row.uid);
    const contentType = info && { displayName: info.displayName, kind: info.kind };
    return { ...answerOf(row), ...dueOf(row), contentType, isErrorHidden: false };
  };

  /** `titlesOf` answers the titles that whoever asks may read, in the order of the places. */
  const list = async (
    query: ScheduleQuery,
    paging: Paging,
    titlesOf: TitlesOf,
  ): Promise<Page<ListedSchedule>> => {
    const page = await rows().findPage({
      where: whereOf(query),
      orderBy: orderOf(paging.sort ?? 'dueAt:asc', SORTABLE),
      page: paging.page,
      pageSize: paging.pageSize,
    });
    const found = page.results as ScheduleRow[];
    const [untitled, titles] = await Promise.all([Promise.all(found.map(listed)), titlesOf(found)]);
    const data = untitled.map((one, at) => ({ ...one, title: titles[at] ?? null }));
    return pageOf(data, { paging, total: page.pagination.total });
  };

  return { create, update, remove, list, rowOf };
};

export type Schedules = ReturnType<typeof createSchedules>;
