/** The wing of replications: what is observed, and the project's own. */
import type { Core } from '@strapi/strapi';
import type { Recorder } from '../capture/recorder.service';
import type { Actor } from '../contract/event';
import type { Clock } from '../delivery/clock.service';
import { createObserving } from './observing.service';
import { createProjectCode } from './project-code.service';
import { createRuns } from './runs.service';
import { createWatching } from './watching.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  recorder: Recorder;
  actor(): Actor;
  onChange(): void;
};

/** How events name this Strapi: by its own address, where it knows one. */
const addressOf = (strapi: Core.Strapi): string =>
  String(strapi.config.get('server.absoluteUrl') || 'this Strapi');

const HOUR_MS = 60 * 60_000;

/** What is called often, and done once an hour. */
const hourly = (work: () => Promise<unknown>) => {
  let next = 0;
  return async (now: number): Promise<void> => {
    if (now < next) return;
    next = now + HOUR_MS;
    await work();
  };
};

export const createReplicationWing = (options: Options) => {
  const { strapi, clock, actor, onChange } = options;
  const runs = createRuns(options);
  /** The runs that this process works at. */
  const mine = new Set<string>();
  const here = addressOf(strapi);
  const observe = createObserving({ strapi, runs, mine, here, onReplaced: onChange });

  const prune = hourly(runs.prune);
  const look = async () => {
    await runs.bury(mine);
    await prune(clock.now());
  };
  const watching = createWatching({ clock, look, log: strapi.log });

  return {
    observe,
    projectCode: createProjectCode({ runs, mine, actor }),
    start: watching.start,
    stop: watching.stop,
  };
};
