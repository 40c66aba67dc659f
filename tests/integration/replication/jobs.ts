/** Replications of the plugin's own, as a test makes, runs and follows them. */
import type { Replication, ReplicationInput, RunState } from '../../../server/contract/replication';
import type { App } from '../../support/strapi';
import { until, type Stage } from '../delivery/stage';
import { replicationEvents, transferToken } from './scene';

type Wish = Partial<ReplicationInput>;

/** A replication of `source` to `destination`, with a token that may push. */
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

/** The job, as soon as its last run has come to this. */
export const reachesState = (stage: Stage, job: { id: string }, ...states: RunState[]) =>
  until(
    () => jobOf(stage, job),
    ({ lastRun }) => lastRun !== null && states.includes(lastRun.state),
  );

export const finishedJob = (stage: Stage, job: { id: string }) =>
  reachesState(stage, job, 'completed', 'failed', 'cancelled');

/** Runs it, and answers what its run came to. */
export const runJob = async (stage: Stage, job: { id: string }) => {
  await stage.api('POST', `/replications/${job.id}/run`);
  return (await finishedJob(stage, job)).lastRun!;
};

const COPYING = ['entities', 'assets', 'links', 'configuration'];

/** The job, as soon as its run has begun to copy. */
export const startsCopying = (stage: Stage, job: { id: string }) =>
  until(
    () => jobOf(stage, job),
    ({ lastRun }) => lastRun?.state === 'running' && COPYING.includes(lastRun.progress.stage),
  );

/** More than a slow line takes in a second: there is time to come between. */
export const writeMuch = (app: App): Promise<void> =>
  app.run(async (strapi) => {
    for (let index = 0; index < 20; index += 1) {
      const data = { title: `Long ${index}`, body: String(index).repeat(150_000) };
      await strapi.documents('api::article.article').create({ data });
    }
  });

/**
 * Names of the events of one run, once it is told to be over; each event once, since what was sent just before a kill
 * comes twice.
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
