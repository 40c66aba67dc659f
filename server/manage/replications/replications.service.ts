/** Replications: created, changed, run, cancelled, listed and deleted by administrators. */
import { randomUUID } from 'node:crypto';
import { MASK } from '../../contract/names';
import type { Page, Paging } from '../../contract/api';
import type {
  Replication,
  ReplicationQuery,
  ReplicationRun,
  ReplicationSettings,
} from '../../contract/replication';
import {
  cronProblem,
  jobAnswerOf,
  jobColumnsOf,
  jobSettingsOf,
  keptTokenProblem,
  nextRun,
  runAnswerOf,
  type JobRow,
} from '../../replication/job';
import type { Runs } from '../../replication/runs.service';
import type { JobRuns } from '../../replication/job-runs.service';
import type { PeerGuard } from '../../send/http/connections.service';
import { changedFields, pageOf } from '../../store/settings';
import { JOB_UID } from '../../store/models';
import { checkNone, invalid, problem, refused, type Problem } from '../../strapi/errors';
import type { Managing } from '../resource.service';

type Options = Omit<Managing, 'onChange'> & { guard: PeerGuard; runs: Runs; jobRuns: JobRuns };

export const createReplications = (options: Options) => {
  const { strapi, clock, secrets, guard, runs, jobRuns } = options;
  const { row, locked, remove, ...actions } = options.resources.of({
    uid: JOB_UID,
    key: 'jobId',
    subject: 'replication',
    sortable: ['name', 'destination', 'createdAt', 'updatedAt'],
    whereOf: ({ search }: ReplicationQuery) => (search ? { name: { $containsi: search } } : {}),
    show: withRuns,
    prepare,
  });
  const { find } = actions;

  async function withRuns(found: JobRow[]): Promise<Replication[]> {
    const last = await runs.findAll(found.flatMap(({ lastRun }) => lastRun ?? []));
    return found.map((job) => jobAnswerOf(job, last.get(job.lastRun ?? '')));
  }

  async function prepare(settings: ReplicationSettings, stored: JobRow | null) {
    await check(settings, stored);
    const data = dataOf(settings, stored);
    if (stored !== null) return { data, fields: changedFields(jobSettingsOf(stored), settings) };
    const now = clock.now();
    return { data: { ...data, jobId: randomUUID(), createdAt: now, updatedAt: now }, fields: [] };
  }

  function isHere(destination: string): boolean {
    const own = String(strapi.config.get('server.absoluteUrl') || '');
    return URL.canParse(own) && `${destination}/`.startsWith(own.replace(/\/*$/, '/'));
  }

  async function problemsOfDestination(destination: string): Promise<Problem[]> {
    if (isHere(destination)) return [problem(['destination'], 'replication-to-itself')];
    const peer = await guard(destination);
    return peer.kind === 'refused' ? [{ path: ['destination'], message: peer.message }] : [];
  }

  async function check(settings: ReplicationSettings, stored: JobRow | null): Promise<void> {
    const { destination, cron } = settings;
    const token = keptTokenProblem(settings, stored);
    const turn = cron === null ? null : cronProblem(cron, clock.now());
    checkNone([
      ...(await problemsOfDestination(destination)),
      ...(token === null ? [] : [{ path: ['token'], message: token }]),
      ...(turn === null ? [] : [{ path: ['cron'], message: turn }]),
    ]);
  }

  /** A changed cron expression counts from now on. An unchanged one keeps its turn, which an instance may just be taking. */
  function turnOf({ cron }: ReplicationSettings, stored: JobRow | null) {
    if (cron === null) return { nextDueAt: null };
    if (stored?.cron === cron && stored.nextDueAt !== null) return {};
    return { nextDueAt: nextRun(cron, clock.now()) };
  }

  function dataOf(settings: ReplicationSettings, stored: JobRow | null) {
    const isKept = settings.token === MASK;
    const token = isKept ? (stored?.token ?? null) : secrets.encrypt(settings.token);
    if (token === null) throw invalid([problem(['token'], 'encryption-key-missing')]);
    return { ...jobColumnsOf(settings, token), ...turnOf(settings, stored) };
  }

  /** Its run would belong to nothing. */
  async function checkEnded({ id }: Replication): Promise<void> {
    if ((await locked(id)).activeRun !== null) throw refused('replication-still-running');
  }

  /** Starts it here and now. */
  async function run(id: string): Promise<Replication> {
    if (!(await jobRuns.startByHand(await row(id)))) throw refused('replication-running');
    return find(id);
  }

  /** Requests the end of the active run, on whichever instance it runs. */
  async function cancel(id: string): Promise<Replication> {
    const { activeRun } = await row(id);
    if (activeRun === null || !(await runs.cancel(activeRun)))
      throw refused('replication-not-running');
    return find(id);
  }

  async function runsOf(id: string, paging: Paging): Promise<Page<ReplicationRun>> {
    const { jobId } = await row(id);
    const { page, pageSize } = paging;
    const found = await runs.ofJob(jobId, { offset: (page - 1) * pageSize, limit: pageSize });
    return pageOf(found.rows.map(runAnswerOf), { paging, total: found.total });
  }

  return {
    ...actions,
    remove: (id: string) => remove(id, checkEnded),
    ...{ run, cancel, runs: runsOf },
  };
};

export type Replications = ReturnType<typeof createReplications>;
