/** The wing of replications: what is observed, the project's own, and the plugin's jobs. */
import type { Core } from '@strapi/strapi';
import type { Recorder } from '../capture/recorder.service';
import type { Config } from '../config/schema';
import type { Actor } from '../contract/event';
import type { Clock } from '../delivery/clock.service';
import type { Sender } from '../network/send.service';
import type { Secrets } from '../secrets/secrets.service';
import { createObserving } from './observing.service';
import { createProjectCode } from './project-code.service';
import { createRuns } from './runs.service';
import { createWatching } from './watching.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  recorder: Recorder;
  actor(): Actor;
  secrets: Secrets;
  network: Config['network'];
  sender: Sender;
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
