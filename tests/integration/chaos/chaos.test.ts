/**
 * A few seconds of chaos on each database that this machine has a server program of, and with Redis: `npm run chaos` does
 * it at length. The seed is in each test's name; CHAOS_SEED throws other dice.
 */
import { isAvailable } from '../../chaos/available';
import { matrix, processesOf, type Plan } from '../../chaos/plan';
import { reportOf } from '../../chaos/report';
import { run } from '../../chaos/run';

const SEED = Number(process.env.CHAOS_SEED ?? 5);
const CHAOS_MS = 8000;
/** Starting Strapis again and again takes its time where the machine is busy. */
const LIMIT_MS = 8 * 60_000;

const PLANS = [
  ...matrix(['sqlite', 'postgres', 'mysql'], ['database']),
  ...matrix(['postgres'], ['bullmq']),
]
  .filter(isAvailable)
  .map(({ database, engine }): [string, Plan] => [
    `${database}, engine ${engine}, seed ${SEED}`,
    {
      database,
      engine,
      seed: SEED,
      forMs: CHAOS_MS,
      kills: null,
      processes: Math.min(processesOf(database), 2),
    },
  ]);

it.each(PLANS)(
  'nothing is lost, invented, changed or left behind: %s',
  async (_, plan) => {
    const result = await run(plan, () => {});
    const text = reportOf(result);
    process.stdout.write(`${text}\n`);
    if (result.problems.length > 0) throw new Error(text);
    expect(result.figures.lost).toBe(0);
    expect(result.figures.deliveries).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
