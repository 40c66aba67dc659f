/** Creates, runs and follows the plugin's replications. */
import type { Replication, ReplicationInput, RunState } from '../../../server/contract/replication';
import type { App } from '../../support/strapi';
import { until, type Stage } from '../delivery/stage';
import { replicationEvents, transferToken } from './scene';

type Wish = Partial<ReplicationInput>;

/** Creates a replication from `source` to `destination` with a push token. */
export const makeJob = async (
  source: Stage,
  destination: Stage,
  wish: Wish = {},
): Promise<Replication> =>
  source.api('POST', '/replications', {
    name: 'To live',
    destination: `${destination.app.url}/admin`,
    token: wish.token ?? (await transferToken(destination.app)),
    ...wish,
  });

export const jobOf = (stage: Stage, { id }: { id: string }): Promise<Replication> =>
  stage.api('GET', `/replications/${id}`);

/** The job, as soon as its last run is in one of these states. */
export const reachesState = (stage: Stage, job: { id: string }, ...states: RunState[]) =>
  until(
    () => jobOf(stage, job),
    ({ lastRun }) => lastRun !== null && states.includes(lastRun.state),
  );

export const finishedJob = (stage: Stage, job: { id: string }) =>
  reachesState(stage, job, 'completed', 'failed', 'cancelled');

/** Runs the job, and returns the finished run. */
export const runJob = async (stage: Stage, job: { id: string }) => {
  await stage.api('POST', `/replications/${job.id}/run`);
  return (await finishedJob(stage, job)).lastRun!;
};

const COPYING = ['entities', 'assets', 'links', 'configuration'];

/** The job, as soon as its run has started to copy. */
export const startsCopying = (stage: Stage, job: { id: string }) =>
  until(
    () => jobOf(stage, job),
    ({ lastRun }) => lastRun?.state === 'running' && COPYING.includes(lastRun.progress.stage),
  );

/** Writes more content than a slow connection copies in a second, so that a test can interrupt the run. */
export const writeMuch = (app: App): Promise<void> =>
  app.run(async (strapi) => {
    for (let index = 0; index < 20; index += 1) {
      const data = { title: `Long ${index}`, body: String(index).repeat(150_000) };
      await strapi.documents('api::article.article').create({ data });
    }
  });

/**
 * The event names of one run, as soon as its last event has arrived. Each event counts once, because an event that was sent
 * just before a kill arrives twice.
 */
export const eventNamesOf = (stage: Stage, { id }: { id: string }): Promise<string[]> => {
  const names = () =>
    new Map(
      replicationEvents(stage)
        .filter(({ data }) => data.replication.id === id)
        .map((event) => [event.data.id, event.type]),
    );
  return until(
    async () => [...names().values()],
    (found) => found.some((name) => name !== 'replication.started'),
  );
};
