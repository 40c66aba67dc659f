/** Replications of the plugin's own, as a test makes, runs and follows them. */
import type { Replication, ReplicationInput, RunState } from '../../../server/contract/replication';
import { until, type Stage } from '../delivery/stage';
import { transferToken } from './scene';

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
export const comesTo = (stage: Stage, job: { id: string }, ...states: RunState[]) =>
  until(
    () => jobOf(stage, job),
    ({ lastRun }) => lastRun !== null && states.includes(lastRun.state),
  );

export const isOver = (stage: Stage, job: { id: string }) =>
  comesTo(stage, job, 'completed', 'failed', 'cancelled');

/** Runs it, and answers what its run came to. */
export const run = async (stage: Stage, job: { id: string }) => {
  await stage.api('POST', `/replications/${job.id}/run`);
  return (await isOver(stage, job)).lastRun!;
};
