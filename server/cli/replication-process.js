// A replication runs in this process: it loads the project's Strapi, which serves nobody, and Strapi's transfer engine.
// The Strapi that started the process sends the order over the IPC channel, and receives the progress over it.
'use strict';

const PLUGIN = 'workflow-webhooks';

const send = (message) =>
  new Promise((resolve) => {
    if (process.connected) process.send(message, resolve);
    else resolve();
  });

// The Strapi that started this process is gone. The destination undoes what is not finished.
process.once('disconnect', () => process.exit(1));

const load = async ({ appDir, distDir }) => {
  const { createStrapi } = require(require.resolve('@strapi/strapi', { paths: [appDir] }));
  const strapi = await createStrapi({ appDir, distDir }).load();
  // The Strapi that serves runs the project's own tasks.
  strapi.get('cron').destroy();
  return strapi;
};

const work = async ({ order, ...place }) => {
  const strapi = await load(place);
  const { transfer } = strapi.plugin(PLUGIN).service('replicationProcess');
  const cancelled = new AbortController();
  process.on('message', ({ kind }) => kind === 'cancel' && cancelled.abort());
  await send(await transfer(order, { report: send, signal: cancelled.signal }));
  process.disconnect();
};

process.once('message', (message) => {
  if (message.kind !== 'order') return;
  work(message).catch((error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(1);
  });
});
