/** That the installed Strapi has all points at which its transfers are observed: a new version may move them. */
import { loadLibrary, observationPoints } from '../../../server/strapi/transfer.service';

it('are all there in the Strapi that is installed', () => {
  expect(observationPoints()).toEqual({
    engine: expect.any(Object),
    source: expect.any(Object),
    destination: expect.any(Object),
    isIgnored: expect.any(Function),
  });
});

it('are the ones of the very module that Strapi loads', () => {
  const { createTransferEngine } = loadLibrary().engine;
  const side = (type: string) => ({ type, name: type });
  const engine = createTransferEngine(side('source'), side('destination'), {});
  expect(observationPoints()).toMatchObject({ engine: Object.getPrototypeOf(engine) });
});

it('are named where they are missing', () => {
  const { engine, strapi } = loadLibrary();
  class Moved {
    bootstrap() {}
    close() {}
  }
  const providers = { ...strapi.providers, createLocalStrapiSourceProvider: () => new Moved() };
  expect(observationPoints(() => ({ engine, strapi: { providers } }))).toEqual({
    missing: [
      'isIgnoredOfficialTransferType',
      'source.createEntitiesReadStream',
      'source.createLinksReadStream',
      'source.createAssetsReadStream',
      'source.createConfigurationReadStream',
    ],
  });
});

it('are named as what went wrong, where there is nothing to look at', () => {
  const load = () => {
    throw new Error('Cannot find module');
  };
  expect(observationPoints(load)).toEqual({ missing: ['Cannot find module'] });
});
