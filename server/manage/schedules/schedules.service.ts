/** Schedules: created, changed, listed and cancelled by editors. Each change is recorded in its own transaction. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../contract/event';
import type { Page, Paging } from '../../contract/api';
import type {
  ListedSchedule,
  Schedule,
  ScheduleInput,
  ScheduleQuery,
  ScheduleTimes,
} from '../../contract/schedule';
import {
  answerOf,
  changesOf,
  dueOf,
  ended,
  timeProblems,
  timesOf,
  type ScheduleRow,
} from '../../schedule/plan';
import type { ScheduleNotices } from '../../schedule/notices.service';
import type { InTransaction } from '../../strapi/database.service';
import { SCHEDULE_UID } from '../../store/models';
import type { Clock } from '../../strapi/clock.service';
import { checkNone, invalid, problem, refused, type Change } from '../../strapi/errors';
import { hasDraftAndPublish, placeKey, type Place } from '../../strapi/model/content-model';
import type { Locales, Schemas } from '../../strapi/model/schema.service';
import type { Resources } from '../resource.service';

type Options = {
  schemas: Schemas;
  locales: Locales;
  clock: Clock;
  notices: ScheduleNotices;
  transaction: InTransaction;
  resources: Resources;
  actor(): Actor;
  onChange(): void;
};

type TitlesOf = (places: Place[]) => Promise<(string | null)[]>;

export const createSchedules = (options: Options) => {
  const { schemas, locales, clock, notices, transaction, actor, onChange } = options;
  const schedules = options.resources.rowsOfKind<ScheduleRow>({
    uid: SCHEDULE_UID,
    key: 'scheduleId',
    subject: 'schedule',
    sortable: ['dueAt', 'publishAt', 'archiveAt', 'createdAt', 'state'],
    order: 'dueAt:asc',
  });
  const { rows, row: rowOf } = schedules;

  async function checkFree(openKey: string) {
    if (await rows.findOne({ where: { openKey } }))
      throw invalid([problem(['documentId'], 'schedule-taken')]);
  }

  async function checkPlace(place: Place) {
    const model = schemas.watched(place.uid)?.model;
    if (!model || !hasDraftAndPublish(model))
      throw invalid([problem(['uid'], 'schedule-without-draft')]);
    if (!(await notices.entryOf(place)))
      throw invalid([problem(['documentId'], 'schedule-without-document')]);
  }

  function checkTimes(times: ScheduleTimes, stored?: ScheduleRow) {
    checkNone(timeProblems(times, { now: clock.now(), stored }));
  }

  /** `mayPublish` throws if the requester may not publish the document. */
  async function create(
    input: ScheduleInput,
    mayPublish: (place: Place) => Promise<unknown>,
  ): Promise<Schedule> {
    checkTimes(input);
    const { uid, documentId } = input;
    const place = { uid, documentId, locale: await locales.one(uid, input.locale) };
    await checkPlace(place);
    await mayPublish(place);
    const openKey = placeKey(place);
    await checkFree(openKey);
    const data = newRow(place, input, { by: actor(), now: clock.now() });
    await transaction(async () => {
      await rows.create({ data });
      await notices.audited(data, 'created');
      await notices.record('schedule.create', await rowOf(data.scheduleId), { by: actor() });
    }).catch(async (error) => {
      // If two are created at once, the unique key lets one through.
      await checkFree(openKey);
      throw error;
    });
    onChange();
    return answerOf(await rowOf(data.scheduleId));
  }

  /** Writes only if the row is still as it was read: a runner may have taken it meanwhile. */
  async function write(row: ScheduleRow, data: Partial<ScheduleRow>) {
    const where = { id: row.id, state: 'scheduled', dueAt: row.dueAt };
    const { count } = await rows.updateMany({ where, data });
    if (count === 0) throw refused('schedule-running');
  }

  async function update(
    id: string,
    { settings, version }: Change<ScheduleTimes>,
  ): Promise<Schedule> {
    await schedules.change(
      { id, version },
      {
        prepare: async (row) => {
          checkOpen(row);
          checkTimes(settings, row);
          return rescheduled(row, settings);
        },
        write: async (data, row) => {
          await write(row, data);
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
  }

  /** Cancels the schedule; its row stays in the list. */
  async function remove(id: string): Promise<Schedule> {
    const row = await rowOf(id);
    checkOpen(row);
    await transaction(async () => {
      await write(row, { ...ended(row), state: 'cancelled', error: null });
      await notices.audited(row, 'cancelled');
      await notices.record('schedule.delete', await rowOf(id), { by: actor() });
    });
    return answerOf(await rowOf(id));
  }

  async function listed(row: ScheduleRow): Promise<Omit<ListedSchedule, 'title'>> {
    const info = await schemas.infoOf(row.uid);
    const contentType = info && { displayName: info.displayName, kind: info.kind };
    return { ...answerOf(row), ...dueOf(row), contentType, isErrorHidden: false };
  }

  /** `titlesOf` answers the titles that the requester may read, in the order of the places. */
  async function list(
    query: ScheduleQuery,
    paging: Paging,
    titlesOf: TitlesOf,
  ): Promise<Page<ListedSchedule>> {
    return schedules.list(whereOf(query), paging, async (found) => {
      const [untitled, titles] = await Promise.all([
        Promise.all(found.map(listed)),
        titlesOf(found),
      ]);
      return untitled.map((schedule, at) => ({ ...schedule, title: titles[at] ?? null }));
    });
  }

  return { create, update, remove, list, rowOf };
};

export type Schedules = ReturnType<typeof createSchedules>;

function whereOf({ from, to, ...same }: ScheduleQuery) {
  const dueAt = {
    ...(from ? { $gte: Date.parse(from) } : {}),
    ...(to ? { $lte: Date.parse(to) } : {}),
  };
  return from || to ? { ...same, dueAt } : same;
}

function checkOpen({ claimId, state }: ScheduleRow): void {
  if (claimId !== null) throw refused('schedule-running');
  if (state !== 'scheduled') throw refused('schedule-ended', { state });
}

function newRow(
  place: Place,
  times: ScheduleTimes,
  { by, now }: { by: Actor; now: number },
): Omit<ScheduleRow, 'id' | 'claimId'> {
  return {
    ...place,
    ...rescheduled({ isPublished: false }, times),
    scheduleId: randomUUID(),
    state: 'scheduled',
    isPublished: false,
    openKey: placeKey(place),
    actor: JSON.stringify(by),
    createdAt: now,
    updatedAt: now,
  };
}

/** The columns that new times change. */
function rescheduled({ isPublished }: Pick<ScheduleRow, 'isPublished'>, times: ScheduleTimes) {
  const stored = timesOf(times);
  const dueAt = (isPublished ? null : stored.publishAt) ?? stored.archiveAt;
  if (dueAt === null) throw invalid([problem(['archiveAt'], 'schedule-published')]);
  return { ...stored, dueAt, tries: 0, error: null };
}
