/** Records refusals where nothing can take the record back: a refusal rolls back the open transaction. */
import type { DetachedWrites } from '../validation/call-records.service';
import type { Decision } from '../validation/calls.service';
import type { Moves } from './moves.service';
import type { Move } from './transition';

type Refused = { move: Move; decision: Decision };
type Options = { moves: Moves; detached: DetachedWrites };

export const createRefusing =
  ({ moves, detached }: Options) =>
  (refusals: readonly Refused[]): Promise<void> =>
    detached.always(async () => {
      for (const { move, decision } of refusals)
        await moves.recordRefusal({ move, verdicts: decision.verdicts, also: decision.store });
    });

export type Refusing = ReturnType<typeof createRefusing>;
