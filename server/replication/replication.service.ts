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

export const createReplicationWing = (options: Options) => {
  const { strapi, clock, actor, onChange } = options;
  const runs = createRuns(options);
  /** The runs that this process works at. */
  const mine = new Set<string>();
  const here = addressOf(strapi);
  const observe = createObserving({ strapi, runs, mine, here, onReplaced: onChange });

  const watching = createWatching({ clock, look: () => runs.bury(mine), log: strapi.log });

  return {
    observe,
    projectCode: createProjectCode({ runs, mine, actor }),
    start: watching.start,
    stop: watching.stop,
  };
};
