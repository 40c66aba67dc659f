/** Records refusals where nothing can take the record back: a refusal rolls back whatever transaction it is met in. */
import type { Afterwards } from './afterwards.service';
import type { Decision } from '../verdict/deciding.service';
import type { Moves } from './moves.service';
import type { Move } from './transition';

type Refused = { move: Move; decision: Decision };
type Options = { moves: Moves; afterwards: Afterwards };

export const createRefusing =
  ({ moves, afterwards }: Options) =>
  (refusals: readonly Refused[]): Promise<void> =>
    afterwards.always(async () => {
      for (const { move, decision } of refusals)
        await moves.recordRefusal({ move, verdicts: decision.verdicts, also: decision.store });
    });

export type Refusing = ReturnType<typeof createRefusing>;
