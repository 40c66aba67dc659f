/** What Strapi loads. */
import bootstrap from './bootstrap';
import config from './config';
import contentTypes from './content-types';
import { createControllers } from './manage/controllers';
import destroy from './destroy';
import register from './register';
import { partsOf } from './wiring.service';
import routes from './manage/routes';
import { projectCode } from './workflow/editor/views.service';
import type { Core } from '@strapi/strapi';

/** For a project's own code and for tests: `strapi.plugin('workflow-webhooks').service('clock')`. */
const services = {
  clock: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).clock,
  deliveries: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).deliveries,
  dispatcher: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).dispatcher,
  workflows: ({ strapi }: { strapi: Core.Strapi }) => projectCode(partsOf(strapi)),
  /** The command `strapi-workflow-webhooks worker` starts it: a process that sends also takes the steps of schedules. */
  worker: ({ strapi }: { strapi: Core.Strapi }) => {
    const { worker, scheduleRunner } = partsOf(strapi);
    const start = () => {
      scheduleRunner.start();
      return worker.start();
    };
    return { ...worker, start };
  },
  replication: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).replication.projectCode,
  /** For the separate process in which a replication runs. */
  replicationProcess: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).replication.process,
  health: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).health,
  pruner: ({ strapi }: { strapi: Core.Strapi }) => partsOf(strapi).pruner,
};

export default {
  register,
  bootstrap,
  destroy,
  config,
  contentTypes,
  controllers: createControllers(partsOf),
  routes,
  services,
};
