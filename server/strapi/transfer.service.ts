/**
 * Strapi's transfer engine and its providers: the very module that Strapi itself loads, because patches to a second copy
 * would have no effect. Strapi promises none of the methods in `POINTS`. Tests check them; if one is missing, the log says
 * so, and transfers run unobserved.
 */
import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

/** One side of a transfer: a Strapi, or a file. */
export type Provider = {
  name?: string;
  options?: {
    autoDestroy?: boolean;
    url?: { href?: string };
    file?: { path?: string };
    directory?: { path?: string };
  };
  createEntitiesWriteStream?(): Writable | Promise<Writable>;
  /** Only of a local Strapi. */
  strapi?: Core.Strapi;
  transaction?: { attach(work: (trx: Knex.Transaction) => Promise<unknown>): Promise<unknown> };
};

/** An engine as the patched `transfer` sees it. */
export type Engine = { sourceProvider: Provider; destinationProvider: Provider };

export type Method<This> = (this: This, ...args: unknown[]) => unknown;
type Prototype = Record<string, unknown>;
type Create = (...args: unknown[]) => object;

export type StageNews<Stage extends string> = {
  stage: Stage;
  data: Record<string, { count: number }>;
};

export type TransferLibrary = {
  engine: {
    createTransferEngine(...args: unknown[]): {
      transfer(): Promise<unknown>;
      abortTransfer(): Promise<void>;
      progress: { stream: { on(event: string, listener: (news: never) => void): unknown } };
    };
  };
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

export type TransferPrototypes = Record<keyof typeof POINTS, Prototype>;

export type TransferPoints = TransferPrototypes & {
  /** Types that Strapi reads with all others but never transfers, such as its administrators. */
  isIgnored(uid: string): boolean;
};

const ours = createRequire(import.meta.url);

export function loadLibrary(): TransferLibrary {
  return createRequire(ours.resolve('@strapi/strapi'))('@strapi/data-transfer') as TransferLibrary;
}

/** The prototypes to patch, or the names of the missing methods. */
export function observationPoints(
  load: () => unknown = loadLibrary,
): TransferPoints | { missing: string[] } {
  try {
    const library = load() as TransferLibrary;
    const isIgnored = library.strapi.isIgnoredOfficialTransferType;
    const points = { ...prototypesOf(library), isIgnored };
    const missing = missingIn(points);
    return missing.length === 0 ? points : { missing };
  } catch (error) {
    return { missing: [(error as Error).message] };
  }
}

function prototypesOf({ engine, strapi }: TransferLibrary): TransferPrototypes {
  const side = (type: string) => ({ type, name: type });
  const prototypeOf = (made: object): Prototype => Object.getPrototypeOf(made);
  return {
    engine: prototypeOf(engine.createTransferEngine(side('source'), side('destination'), {})),
    source: prototypeOf(strapi.providers.createLocalStrapiSourceProvider({})),
    destination: prototypeOf(strapi.providers.createLocalStrapiDestinationProvider({})),
  };
}

function missingIn({ isIgnored, ...prototypes }: TransferPoints): string[] {
  return [
    ...(typeof isIgnored === 'function' ? [] : ['isIgnoredOfficialTransferType']),
    ...(['engine', 'source', 'destination'] as const).flatMap((part) =>
      POINTS[part]
        .filter((name) => typeof prototypes[part][name] !== 'function')
        .map((name) => `${part}.${name}`),
    ),
  ];
}

/** Replaces methods of a prototype. Each replacement receives Strapi's own method and calls it. */
export function wrapMethods<This>(
  prototype: Prototype,
  wraps: Record<string, (real: Method<This>) => Method<This>>,
): void {
  for (const [name, wrap] of Object.entries(wraps))
    prototype[name] = wrap(prototype[name] as Method<This>);
}
