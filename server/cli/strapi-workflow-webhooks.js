#!/usr/bin/env node
// The command of the package: `strapi-workflow-webhooks worker`, a process that sends deliveries and serves nobody.
'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

const PLUGIN = 'workflow-webhooks';

const HELP = `Usage: strapi-workflow-webhooks worker

  worker   Sends the deliveries that the Strapi project in this folder has stored, until it is ended
           (SIGTERM or Ctrl-C). It listens on no port, and needs the configuration and the environment
           of the project: the same database, the same ENCRYPTION_KEY. It sends whatever the option
           engine.dispatch says; start as many as you like.

Options
  --help   Shows this.

docs/scaling.md of strapi-plugin-workflow-webhooks says when a project needs it.
`;

const say = (text) => process.stdout.write(`${text}\n`);
const complain = (text) => process.stderr.write(`${text}\n`);

/** The project's Strapi, which need not be the one nearest to this file. */
const strapiOf = (appDir) => {
  try {
    return require(require.resolve('@strapi/strapi', { paths: [appDir] }));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    complain(
      `There is no Strapi in ${appDir}. Run this in the folder of your Strapi project, after npm install.`,
    );
    process.exit(1);
  }
};

/** As `strapi start` does: a TypeScript project is compiled only if there is no build yet. */
const foldersOf = async (appDir, compileStrapi) => {
  const built = path.join(appDir, 'dist');
  const isBuilt =
    existsSync(path.join(appDir, 'tsconfig.json')) && existsSync(path.join(built, 'config'));
  return isBuilt ? { appDir, distDir: built } : compileStrapi({ appDir });
};

// On SIGTERM and SIGINT Strapi ends by itself: it destroys its plugins, which release their claims, and exits.
const worker = async () => {
  process.env.NODE_ENV ??= 'production';
  const appDir = process.cwd();
  const { compileStrapi, createStrapi } = strapiOf(appDir);
  const strapi = await createStrapi(await foldersOf(appDir, compileStrapi)).load();
  // The Strapi that serves runs the project's own tasks.
  strapi.get('cron').destroy();
  const plugin = strapi.plugins[PLUGIN];
  if (!plugin) {
    complain(`The plugin "${PLUGIN}" is not enabled in this project: see config/plugins.`);
    await strapi.destroy();
    process.exit(1);
  }
  await plugin.service('worker').start();
  say('workflow-webhooks: the worker is sending.');
};

const main = async ([command, ...rest]) => {
  if (command === '--help' || command === '-h' || command === 'help') return say(HELP);
  if (command === 'worker' && rest.includes('--help')) return say(HELP);
  if (command === 'worker' && rest.length === 0) return worker();
  const wrong = command === 'worker' ? `the option "${rest[0]}"` : `the command "${command}"`;
  complain(command === undefined ? HELP : `I do not know ${wrong}.\n\n${HELP}`);
  process.exitCode = 2;
};

main(process.argv.slice(2)).catch((error) => {
  complain(`The worker did not start: ${error.stack ?? error}`);
  process.exit(1);
});
