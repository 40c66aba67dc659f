/**
 * Strapi's transfer engine and its providers: the very module that Strapi itself loads, for a second copy of it would be
 * observed in vain. None of what is looked for here is promised by Strapi: tests guard it, and where a point is not
 * there, the log says so and nothing else changes.
 */
import { createRequire } from 'node:module';

type Prototype = Record<string, unknown>;
type Create = (...args: unknown[]) => object;

type Library = {
  engine: { createTransferEngine: Create };
  strapi: {
    providers: {
      createLocalStrapiSourceProvider: Create;
      createLocalStrapiDestinationProvider: Create;
    };
  };
};

/** What must be there for all of it to be heard. */
const POINTS = {
  engine: ['transfer'],
  source: ['bootstrap', 'close', 'createEntitiesReadStream'],
  destination: ['bootstrap', 'rollback', 'close', 'createEntitiesWriteStream'],
} as const;

export type Prototypes = Record<keyof typeof POINTS, Prototype>;

const ours = createRequire(import.meta.url);

/** Where it is, for a process of its own that loads it. */
export const libraryPath = (): string =>
  createRequire(ours.resolve('@strapi/strapi')).resolve('@strapi/data-transfer');

const prototypesOf = ({ engine, strapi }: Library): Prototypes => {
  const side = (type: string) => ({ type, name: type });
  const made = {
    engine: engine.createTransferEngine(side('source'), side('destination'), {}),
    source: strapi.providers.createLocalStrapiSourceProvider({}),
    destination: strapi.providers.createLocalStrapiDestinationProvider({}),
  };
  return {
    engine: Object.getPrototypeOf(made.engine) as Prototype,
    source: Object.getPrototypeOf(made.source) as Prototype,
    destination: Object.getPrototypeOf(made.destination) as Prototype,
  };
};

const missingIn = (prototypes: Prototypes): string[] =>
  Object.entries(POINTS).flatMap(([part, names]) =>
    names
      .filter((name) => typeof prototypes[part as keyof Prototypes][name] !== 'function')
      .map((name) => `${part}.${name}`),
  );

/** The points, or what is not there. */
export const observationPoints = (
  load: () => unknown = () => ours(libraryPath()),
): Prototypes | { missing: string[] } => {
  try {
    const prototypes = prototypesOf(load() as Library);
    const missing = missingIn(prototypes);
    return missing.length === 0 ? prototypes : { missing };
  } catch (error) {
    return { missing: [(error as Error).message] };
  }
};
