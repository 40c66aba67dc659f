/**
 * Strapi's transfer engine and its providers: the very module that Strapi itself loads, for a second copy of it would be
 * observed in vain. None of what is looked for here is promised by Strapi: tests guard it, and where a point is not
 * there, the log says so and nothing else changes.
 */
import { createRequire } from 'node:module';

type Prototype = Record<string, unknown>;
type Create = (...args: unknown[]) => object;

type Engine = {
  transfer(): Promise<unknown>;
  abortTransfer(): Promise<void>;
  progress: { stream: { on(event: string, listener: (news: never) => void): unknown } };
};

export type Library = {
  engine: { createTransferEngine(...args: unknown[]): Engine };
  strapi: {
    providers: {
      createLocalStrapiSourceProvider: Create;
      createLocalStrapiDestinationProvider: Create;
      createRemoteStrapiDestinationProvider: Create;
    };
    isIgnoredOfficialTransferType(uid: string): boolean;
    getIgnoredOfficialTransferTypes(): string[];
  };
};

/** What must be there for all of it to be heard. */
const POINTS = {
  engine: ['transfer'],
  source: [
    'bootstrap',
    'close',
    'createEntitiesReadStream',
    'createLinksReadStream',
    'createAssetsReadStream',
    'createConfigurationReadStream',
  ],
  destination: ['bootstrap', 'rollback', 'close', 'createEntitiesWriteStream'],
} as const;

export type Prototypes = Record<keyof typeof POINTS, Prototype>;

export type Points = Prototypes & {
  /** Types that Strapi reads with all others and transfers nowhere, such as its administrators. */
  isIgnored: Library['strapi']['isIgnoredOfficialTransferType'];
};

const ours = createRequire(import.meta.url);

export const loadLibrary = (): Library =>
  createRequire(ours.resolve('@strapi/strapi'))('@strapi/data-transfer') as Library;

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

const missingIn = ({ isIgnored, ...prototypes }: Points): string[] => [
  ...(typeof isIgnored === 'function' ? [] : ['isIgnoredOfficialTransferType']),
  ...Object.entries(POINTS).flatMap(([part, names]) =>
    names
      .filter((name) => typeof prototypes[part as keyof Prototypes][name] !== 'function')
      .map((name) => `${part}.${name}`),
  ),
];

/** The points, or what is not there. */
export const observationPoints = (
  load: () => unknown = loadLibrary,
): Points | { missing: string[] } => {
  try {
    const library = load() as Library;
    const isIgnored = library.strapi.isIgnoredOfficialTransferType;
    const points = { ...prototypesOf(library), isIgnored };
    const missing = missingIn(points);
    return missing.length === 0 ? points : { missing };
  } catch (error) {
    return { missing: [(error as Error).message] };
  }
};
