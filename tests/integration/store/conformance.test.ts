/** The store behaves the same on every database. */
import path from 'node:path';
import { startStrapi, type App } from '../../support/strapi';
import { reachable } from '../delivery/reachable';
import { CASES } from './cases';

const file = path.join(__dirname, 'cases.ts');

describe.each(reachable('sqlite', 'postgres', 'mysql'))('the store on %s', (database) => {
  let app: App;

  beforeAll(async () => {
    // Nothing but the cases claims what they store.
    app = await startStrapi({ database, config: { engine: { dispatch: false } } });
  });
  afterAll(() => app?.stop());

  if (database === 'postgres')
    it('looks at each due delivery once to claim it, also in a table without statistics', async () => {
      const loops = await app.run(async (strapi, path) => {
        const tsx = require('tsx/cjs/api');
        return tsx.require(path, path).loopsOfClaim(strapi, 100);
      }, file);
      expect(loops).toBeLessThanOrEqual(100);
    });

  if (database === 'postgres')
    it('does nothing that waits for a COMMIT if the COMMIT fails', async () => {
      const hasRun = await app.run(async (strapi, path) => {
        const tsx = require('tsx/cjs/api');
        return tsx.require(path, path).runsAfterFailedCommit(strapi);
      }, file);
      expect(hasRun).toBe(false);
    });

  it.each(Object.keys(CASES))('%s', (title) =>
    app.run(
      async (strapi, args) => {
        const tsx = require('tsx/cjs/api');
        await tsx.require(args.file, args.file).runCase(strapi, args.title);
      },
      { file, title },
    ),
  );
});
