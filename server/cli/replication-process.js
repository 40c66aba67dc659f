// The process of its own in which a replication runs: the project's Strapi, which serves nobody, and Strapi's transfer
// engine. What to do comes over the channel to the Strapi that started it, and so does its progress go back.
'use strict';

const PLUGIN = 'workflow-webhooks';

const say = (said) =>
  new Promise((resolve) => {
    if (process.connected) process.send(said, resolve);
    else resolve();
  });

// Whoever started it is gone: nobody would hear of it, and the destination undoes what is not finished.
process.once('disconnect', () => process.exit(1));

const load = async ({ appDir, distDir }) => {
  const { createStrapi } = require(require.resolve('@strapi/strapi', { paths: [appDir] }));
  const strapi = await createStrapi({ appDir, distDir }).load();
  // The project's own tasks are the business of the Strapi that serves.
  strapi.get('cron').destroy();
  return strapi;
};

const work = async ({ order, ...place }) => {
  const strapi = await load(place);
  const { transfer } = strapi.plugin(PLUGIN).service('replicationProcess');
  const cancelled = new AbortController();
  process.on('message', ({ kind }) => kind === 'cancel' && cancelled.abort());
  await say(await transfer(order, { report: say, signal: cancelled.signal }));
  process.disconnect();
};

process.once('message', (message) => {
  if (message.kind !== 'order') return;
  work(message).catch((error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(1);
  });
});
