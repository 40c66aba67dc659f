/** `npm run demo`: a real Strapi, a real receiver, and the actions of an editor. */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { ensureBuilt } from '../../tests/support/build';
import { startReceiver, type Receiver } from '../../tests/support/receiver';
import { startStrapi, StartError, SUPER_ADMIN, type App } from '../../tests/support/strapi';
import { checkLog } from './demo-log';
import { runActions } from './demo-actions';
import { makeEndpoints } from './demo-endpoints';
import { LEFT_IN_REVIEW } from './demo-page';
import { printSamples, print } from './demo-print';
import { makeStorefront, SCREEN } from './demo-storefront';
import { watch } from './demo-watch';
import { makeWorkflow } from './demo-workflow';

const PORT = Number(process.env.PORT ?? 1337);
/** The demo's data. Removed at every start, so that every demo is the same. */
const DATA = path.resolve(__dirname, '../.tmp/demo');
const isToExit = process.argv.includes('--exit');

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function startPlayground(): Promise<App> {
  const port = (await isFree(PORT)) ? PORT : 0;
  if (port !== PORT) print(`Port ${PORT} is in use; using a free one.`);
  print('Starting the playground with an empty database ...');
  await rm(DATA, { recursive: true, force: true });
  return startStrapi({
    dataDir: DATA,
    withAdmin: true,
    // Shorter than the default, so that the user need not wait five seconds for a second attempt.
    config: {
      delivery: { schedule: [0, 1000, 5000] },
      screens: { contentTypes: [SCREEN] },
    },
    env: { PORT: String(port) },
  });
}

function printInstructions(app: App, receiver: Receiver) {
  print(`
Now try it yourself.
  Admin panel   ${app.url}/admin
  Login         ${SUPER_ADMIN.email}
  Password      ${SUPER_ADMIN.password}

  Settings > Workflow Webhooks > Deliveries: all deliveries of this demo. Open one to see its attempts.
  Settings > Workflow Webhooks > Webhooks: open one, and press "Send test".
  Settings > Workflow Webhooks > Workflows: open "Page approval", the states and commands of pages.
  Content Manager > Article: edit or publish one, and watch it arrive below.
  Content Manager > Page > ${LEFT_IN_REVIEW}: it is in review. In the panel "Workflow", run "Check" or "Approve":
    the style guide wants a full stop after the title. Save the title with one, and approve again.
  Schedule, in the main menu: what is published when. Schedule an article in the panel beside it.
  Settings > Workflow Webhooks > Replication: copies the content to another Strapi of yours.
  A webhook of your own may call ${receiver.url('/yours')}: it is shown here too.

Ctrl-C ends it. The next start begins with an empty database again, and reuses what is built.
`);
}

async function demo() {
  await ensureBuilt({ panel: true });
  const app = await startPlayground();
  const receiver = await startReceiver();
  const stop = async () => {
    await app.stop();
    await receiver.stop();
  };
  try {
    const endpoints = [
      ...(await makeEndpoints(app, receiver)),
      ...(await makeWorkflow(app, receiver)),
      await makeStorefront(app, receiver),
    ];
    const missing = await runActions({ app, receiver, endpoints });
    printSamples(receiver);
    const open = await checkLog(app);
    const isComplete = missing + open === 0;
    print(
      isComplete
        ? '\nAll requests arrived and were verified.'
        : '\nSome requests are missing or wrong: see the lines with ✗.',
    );
    process.exitCode = isComplete ? 0 : 1;
    if (isToExit) return;
    printInstructions(app, receiver);
    await watch(receiver);
  } finally {
    print('Stopping ...');
    await stop();
  }
}

demo().catch((error) => {
  print(error instanceof StartError ? error.message : String(error?.stack ?? error));
  process.exitCode = 1;
});
