/** Replications as administrators make, change, see, run, cancel and delete them. */
import { randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { changedFields } from '../../store/audit/changed-fields';
import type { Audit } from '../../store/audit/audit.service';
import { MASK } from '../../contract/names';
import type { Page, Paging } from '../../contract/api';
import type {
  Replication,
  ReplicationQuery,
  ReplicationRun,
  ReplicationSettings,
} from '../../contract/replication';
import type { Clock } from '../../strapi/clock.service';
import { invalid, notFound, type Change, type Problem, errors } from '../../strapi/errors';
import type { PeerGuard } from '../../send/http/guard.service';
import { orderOf, pageOf } from '../../store/page';
import { NO_KEY, type Secrets } from '../../store/secrets/secrets.service';
import type { Saving } from '../saving.service';
import {
  cronProblem,
  jobAnswerOf,
  jobColumnsOf,
  jobSettingsOf,
  keptTokenProblem,
  nextRun,
  type JobRow,
} from '../../replication/job';
import { JOB_UID } from '../../store/replication-models';
import { runAnswerOf } from '../../replication/run';
import type { Runs } from '../../replication/runs.service';
import type { JobRuns } from '../../replication/job-runs.service';

const SORTABLE = ['name', 'destination', 'createdAt', 'updatedAt'];

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  secrets: Secrets;
  audit: Audit;
  saving: Saving;
  guard: PeerGuard;
  runs: Runs;
  jobRuns: JobRuns;
};

const RUNNING = 'It is running already. Wait until it is done, or cancel it.';
const NOT_RUNNING = 'It does not run just now.';
const RUNNING_STILL = 'It is running. Cancel it first, then delete it.';
const ITSELF = 'This is the address of this Strapi itself. Enter that of the other one.';

export const createReplications = (options: Options) => {
  const { strapi, clock, secrets, guard, runs, jobRuns } = options;
  const rows = () => strapi.db.query(JOB_UID as never);
  const trail = options.audit.of('replication');
  const saving = options.saving.of<JobRow>({ uid: JOB_UID, key: 'jobId', what: 'replication' });

  const rowOf = async (id: string): Promise<JobRow> => {
    const row = (await rows().findOne({ where: { jobId: id } })) as JobRow | null;
    if (!row) throw notFound('replication');
    return row;
  };

  const withRuns = async (found: JobRow[]): Promise<Replication[]> => {
    const last = await runs.findAll(found.flatMap(({ lastRun }) => lastRun ?? []));
    return found.map((row) => jobAnswerOf(row, last.get(row.lastRun ?? '')));
  };

  const find = async (id: string): Promise<Replication> => {
    const [found] = await withRuns([await rowOf(id)]);
    return found as Replication;
  };

  const list = async (query: ReplicationQuery, paging: Paging): Promise<Page<Replication>> => {
    const page = await rows().findPage({
      where: query.search ? { name: { $containsi: query.search } } : {},
      orderBy: orderOf(paging.sort ?? 'name:asc', SORTABLE),
      page: paging.page,
      pageSize: paging.pageSize,
    });
    const data = await withRuns(page.results as JobRow[]);
    return pageOf(data, { paging, total: page.pagination.total });
  };

  const isHere = (destination: string): boolean => {
    const own = String(strapi.config.get('server.absoluteUrl') || '');
    return URL.canParse(own) && `${destination}/`.startsWith(own.replace(/\/*$/, '/'));
  };

  const destinationProblem = async (destination: string): Promise<string | null> => {
    if (isHere(destination)) return ITSELF;
    const peer = await guard(destination);
    return peer.kind === 'refused' ? peer.message : null;
  };

  const check = async (settings: ReplicationSettings, stored: JobRow | null): Promise<void> => {
    const { destination, cron } = settings;
    const found: [string, string | null][] = [
      ['destination', await destinationProblem(destination)],
      ['token', keptTokenProblem(settings, stored)],
      ['cron', cron === null ? null : cronProblem(cron, clock.now())],
    ];
    const problems = found.flatMap(([field, message]): Problem[] =>
      message === null ? [] : [{ path: [field], message }],
    );
    if (problems.length > 0) throw invalid(problems);
  };

  /** A changed cron expression counts from now on. One that stays keeps its turn, which an instance may just be taking. */
  const turnOf = ({ cron }: ReplicationSettings, stored: JobRow | null) => {
    if (cron === null) return { nextDueAt: null };
    if (stored?.cron === cron && stored.nextDueAt !== null) return {};
    return { nextDueAt: nextRun(cron, clock.now()) };
  };

  const dataOf = (settings: ReplicationSettings, stored: JobRow | null) => {
    const isKept = settings.token === MASK;
    const token = isKept ? (stored?.token ?? null) : secrets.encrypt(settings.token);
    if (token === null) throw invalid([{ path: ['token'], message: NO_KEY }]);
    return { ...jobColumnsOf(settings, token), ...turnOf(settings, stored) };
  };

  /** As the audit trail knows what was changed. */
  const subject = (id: string, { name }: { name: string }) => ({ documentId: id, name });

  const create = async (settings: ReplicationSettings): Promise<Replication> => {
    await check(settings, null);
    const id = randomUUID();
    const now = clock.now();
    const data = { ...dataOf(settings, null), jobId: id, createdAt: now, updatedAt: now };
    await trail.recorded('created', async () => {
      await rows().create({ data });
      return subject(id, settings);
    });
    return find(id);
  };

  const changed = async (settings: ReplicationSettings, stored: JobRow) => {
    await check(settings, stored);
    return {
      data: dataOf(settings, stored),
      fields: changedFields(jobSettingsOf(stored), settings),
    };
  };

  const update = async (
    id: string,
    { settings, version }: Change<ReplicationSettings>,
  ): Promise<Replication> => {
    const write = async (data: object) => {
      // Not `update`: Strapi would set `updatedAt` to a Date, and this column holds milliseconds.
      await rows().updateMany({ where: { jobId: id }, data });
      return subject(id, settings);
    };
    await saving.change(
      { id, version },
      {
        prepare: (row) => changed(settings, row),
        write: ({ data, fields }) => trail.recorded('changed', () => write(data), fields),
      },
    );
    return find(id);
  };

  /** Only while it does not run: its run would else have nothing that it belongs to. */
  const remove = async (id: string): Promise<Replication> => {
    const found = await find(id);
    await trail.recorded('deleted', async () => {
      const { count } = await rows().deleteMany({ where: { jobId: id, activeRun: null } });
      if (count === 0) throw new errors.ApplicationError(RUNNING_STILL);
      return subject(id, found);
    });
    return found;
  };

  /** Starts it here and now. */
  const run = async (id: string): Promise<Replication> => {
    if (!(await jobRuns.startByHand(await rowOf(id)))) throw new errors.ApplicationError(RUNNING);
    return find(id);
  };

  /** Asks for the end of what runs, wherever it runs. */
  const cancel = async (id: string): Promise<Replication> => {
    const { activeRun } = await rowOf(id);
    if (activeRun === null || !(await runs.cancel(activeRun)))
      throw new errors.ApplicationError(NOT_RUNNING);
    return find(id);
  };

  const runsOf = async (id: string, paging: Paging): Promise<Page<ReplicationRun>> => {
    const { jobId } = await rowOf(id);
    const { page, pageSize } = paging;
    const found = await runs.ofJob(jobId, { offset: (page - 1) * pageSize, limit: pageSize });
    return pageOf(found.rows.map(runAnswerOf), { paging, total: found.total });
  };

  return { list, find, create, update, remove, run, cancel, runs: runsOf };
};

export type Replications = ReturnType<typeof createReplications>;
