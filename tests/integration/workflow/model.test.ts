/**
 * Compares Strapi with a model of the workflow's guarantees, over random actions in random order by every user and every
 * route: only approved content is published, and every move is recorded and delivered once.
 *
 * MODEL_RUNS=500 runs more of them; MODEL_DATABASE=postgres or mysql chooses another database. A failure prints the seed
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
import { checkViews, SingleStep, type LoggedModel } from './model/step';
import { aRace, aRaceWithACommand, aRaceWithAnEdit } from './model/race';
import { aBypass, aCommand, aPauseOfEndpoints, aStepOn, aRepeatedFailure } from './model/running';
import { System } from './model/system';

const RUNS = Number(process.env.MODEL_RUNS ?? 40);
const STEPS = 25;
/** No new run begins after this time (ms), so that the test ends on a slow machine too. */
const LIMIT = process.env.MODEL_RUNS ? RUNS * 5000 : 45_000;

/** A step that is listed twice is drawn twice as often. */
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
  aPauseOfEndpoints(),
  aPublication(),
  aPublication(),
  aPublication(),
  aPublishedCreation(),
  aPublicationOfRows(),
  aWithdrawal(),
  aWithdrawal(),
  aChangeOfMind(),
  aRepeatedFailure(),
  aRace(),
  aRaceWithACommand(),
  aRaceWithAnEdit(),
];

let system: System;

beforeAll(async () => {
  system = await System.start((process.env.MODEL_DATABASE ?? 'sqlite') as DatabaseKind);
});
afterAll(() => system?.stop());

const startRun = async () => {
  await system.begin();
  const model: LoggedModel = { ...emptyModel(), log: [], seen: await system.snapshot([]) };
  for (const wish of BEGINNING) await new SingleStep('beginning', wish).run(model, system);
  return model;
};

test(
  'Only approved content is published, and every move is recorded and delivered once, for every action of every user',
  async () => {
    const commands = fc.commands(steps(), { maxCommands: STEPS, size: 'max' });
    const property = fc.asyncProperty(commands, async (drawn) => {
      const model = await startRun();
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

test('Every stored delivery has arrived exactly once', async () => {
  const came = await system.arrived();
  expect(came.size).toBeGreaterThan(0);
  expect([...came].filter(([, count]) => count > 1)).toEqual([]);
});
