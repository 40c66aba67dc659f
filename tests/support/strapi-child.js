// The child process that runs the playground: boots Strapi, reports its port, and runs the functions
// that a test sends. Plain JavaScript, because a TypeScript loader would slow the boot.
'use strict';

const { createStrapi } = require('@strapi/strapi');
const moduleCache = require('./module-cache');

/** The playground, or a copy of it. */
const appDir = process.cwd();

// esbuild (tsx) wraps nested functions of a sent source in calls of this helper.
globalThis.__name = (target) => target;

const asValue = (error) => ({
  name: error?.name ?? 'Error',
  message: error?.message ?? String(error),
  details: error?.details ?? null,
  stack: error?.stack ?? null,
});

const evaluated = (source) => new Function('require', `return (${source});`)(require);

const answer = async (strapi, { id, source, args }) => {
  try {
    const value = await evaluated(source)(
      strapi,
      args === undefined ? undefined : JSON.parse(args),
    );
    return { kind: 'result', id, value: JSON.stringify(value) };
  } catch (error) {
    return { kind: 'failure', id, error: asValue(error) };
  }
};

// A killed test runner must not leave a Strapi behind.
process.once('disconnect', () => process.exit());

const boot = async () => {
  const strapi = await createStrapi({
    appDir,
    distDir: appDir,
    serveAdminPanel: process.env.SERVE_ADMIN_PANEL === 'true',
  }).start();
  process.on('message', async (message) => {
    if (message.kind === 'run') process.send?.(await answer(strapi, message));
  });
  moduleCache.keep();
  process.send?.({ kind: 'listening', port: strapi.server.httpServer.address().port });
};

boot().catch((error) => {
  console.error(error);
  process.exit(1);
});
