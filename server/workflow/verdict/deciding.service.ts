/** Whether a move may happen: who validates it is asked, and what they say is judged. */
import type { Knex } from 'knex';
import type { Verdict } from '../../contract/document';
import type { EventTimes } from '../../store/outbox/events.service';
import { eventId } from '../../store/outbox/events.service';
import { isAnyBound, isAnyRefusing, validating, type TransitionEvent } from '../../match/binding';
import type { TypesAt } from '../../match/compare';
import { VALIDATION } from '../../contract/catalogue';
import type { ActiveWebhook } from '../../match/active';
import type { Asking, Asked } from './asking.service';
import { judge } from './judgement';
import { happeningOf, type Move } from '../command/transition';

type Options = {
  active(): Promise<readonly ActiveWebhook[]>;
  asking: Asking;
  eventTime: EventTimes;
  budget: number;
  /** Milliseconds that whoever holds a transaction, and with it everybody else's way to the database, may wait. */
  isInTransaction(): boolean;
  /** The Strapi types of a field: filters compare by them. */
  typesAt: TypesAt;
};

/** SQLite has one connection: while an endpoint is waited for inside a transaction, nobody else is served. */
const BUDGET_IN_TRANSACTION = 2000;

export type Decision = {
  verdicts: Verdict[];
  isAllowed: boolean;
  message: string;
  errors: ReturnType<typeof judge>['errors'];
  warnings: string[];
  /** Whether anybody was to be asked at all. */
  isValidated: boolean;
  store(trx: Knex.Transaction): Promise<void>;
};

const decisionOf = ({ verdicts, store }: Asked): Decision => ({
  verdicts,
  ...judge(verdicts),
  isValidated: verdicts.length > 0,
  store,
});

export const createDeciding = (options: Options) => {
  const { active, asking, eventTime, budget, isInTransaction } = options;

  const questionOf = (move: Move, webhooks: readonly ActiveWebhook[], dryRun: boolean) => {
    const event = {
      id: eventId(),
      time: eventTime(),
      ...happeningOf(move, VALIDATION, { dryRun }),
    } as TransitionEvent;
    return { event, webhooks: validating(event, webhooks, options.typesAt) };
  };

  /** One decision for each move; all their endpoints are asked at once, within one budget. */
  const decideAll = async (
    moves: readonly Move[],
    { dryRun = false } = {},
  ): Promise<Decision[]> => {
    const webhooks = await active();
    const questions = moves.map((move) => questionOf(move, webhooks, dryRun));
    const time = isInTransaction() ? Math.min(budget, BUDGET_IN_TRANSACTION) : budget;
    return (await asking(questions, time)).map(decisionOf);
  };

  const decide = async (move: Move, how?: { dryRun?: boolean }): Promise<Decision> =>
    (await decideAll([move], how))[0] as Decision;

  /** Whether any validation, or any submit webhook, hangs on a workflow: without one, nothing need be read. */
  const isBound = async (workflow: string, kind: 'validation' | 'submit'): Promise<boolean> =>
    isAnyBound(await active(), workflow, kind);

  /** Whether a validation of this command could refuse a document of the type. */
  const mayRefuse = async (wish: Parameters<typeof isAnyRefusing>[1]): Promise<boolean> =>
    isAnyRefusing(await active(), wish);

  return { decide, decideAll, isBound, mayRefuse };
};

export type Deciding = ReturnType<typeof createDeciding>;
