/**
 * Anything in any order, by anybody, through any door, against a model of what a workflow promises: nothing comes out that
 * was not approved, and what happened is told, all of it and once.
 *
 * MODEL_RUNS=500 tries more of them, MODEL_DATABASE=postgres or mysql on another database; a failure prints the seed
 * and path that repeat it: MODEL_SEED=... MODEL_PATH=...
 */
import fc from 'fast-check';
import type { DatabaseKind } from '../../support/strapi';
import {
  aDeletion,
  aForbiddenEdit,
  aNewDocument,
  aNewLocale,
  anEdit,
  anEditOfRows,
  BEGINNING,
} from './model/content';
import { emptyModel } from './model/documents';
import {
  aChangeOfMind,
  aPublication,
  aPublicationOfRows,
  aPublishedCreation,
  aWithdrawal,
} from './model/publishing';
import { checkViews, Doing, type Logged } from './model/step';
import { aRace, aRaceWithACommand, aRaceWithAnEdit } from './model/race';
import { aBypass, aCommand, aRest, aStepOn, aStubbornEditor } from './model/running';
import { System } from './model/system';

const RUNS = Number(process.env.MODEL_RUNS ?? 40);
const STEPS = 25;
/** However slow the machine is, it ends: after so much time (ms) no new run begins. */
const LIMIT = process.env.MODEL_RUNS ? RUNS * 5000 : 45_000;

/** Those that are there twice are drawn twice as often. */
const steps = () => [
  aNewDocument(),
  aNewDocument(),
  aNewLocale(),
  anEdit(),
  anEdit(),
  anEditOfRows(),
  aForbiddenEdit(),
  aDeletion(),
  aCommand(),
  aCommand(),
  aCommand(),
  aStepOn(),
  aStepOn(),
  aStepOn(),
  aStepOn(),
  aBypass(),
  aRest(),
  aPublication(),
  aPublication(),
  aPublication(),
  aPublishedCreation(),
  aPublicationOfRows(),
  aWithdrawal(),
  aWithdrawal(),
  aChangeOfMind(),
  aStubbornEditor(),
  aRace(),
  aRaceWithACommand(),
  aRaceWithAnEdit(),
];

let system: System;

beforeAll(async () => {
  system = await System.start((process.env.MODEL_DATABASE ?? 'sqlite') as DatabaseKind);
});
afterAll(() => system?.stop());

const startedAnew = async () => {
  await system.begin();
  const model: Logged = { ...emptyModel(), log: [], seen: await system.look([]) };
  for (const wish of BEGINNING) await new Doing('beginning', wish).run(model, system);
  return model;
};

test(
  'Nothing is published that is not approved, and every move is remembered and told once, whatever is done by whom',
  async () => {
    const commands = fc.commands(steps(), { maxCommands: STEPS, size: 'max' });
    const property = fc.asyncProperty(commands, async (drawn) => {
      const model = await startedAnew();
      await fc.asyncModelRun(() => ({ model, real: system }), drawn);
      await checkViews(system, model.documents);
    });
    const { MODEL_SEED: seed, MODEL_PATH: path } = process.env;
    await fc.assert(property, {
      numRuns: RUNS,
      interruptAfterTimeLimit: LIMIT,
      ...(seed ? { seed: Number(seed) } : {}),
      ...(path ? { path } : {}),
    });
  },
  LIMIT + 60_000,
);

test('Every delivery that was stored has arrived, and arrived once', async () => {
  const came = await system.arrived();
  expect(came.size).toBeGreaterThan(0);
  expect([...came].filter(([, count]) => count > 1)).toEqual([]);
});
