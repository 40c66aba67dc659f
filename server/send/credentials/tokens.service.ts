/** Access tokens, kept until shortly before they end; one is asked for at a time, however many wait for it. */
import type { Clock } from '../../strapi/clock.service';
import { createMemory } from './memory';
import { keyOf } from './settings-key';
import { usableUntil } from './token-answer';
import type { OAuthSettings, TokenAnswer, TokenCall } from './token-call.service';

type Granted = Extract<TokenAnswer, { kind: 'granted' }>;
type Options = { call: TokenCall; clock: Clock };

export const createTokens = ({ call, clock }: Options) => {
  const kept = createMemory<{ token: Granted; until: number }>();
  const asking = new Map<string, Promise<TokenAnswer>>();

  const ask = async (key: string, settings: OAuthSettings): Promise<TokenAnswer> => {
    const answer = await call(settings);
    if (answer.kind === 'granted') {
      kept.set(key, { token: answer, until: usableUntil(answer.expiresIn, clock.now()) });
    }
    return answer;
  };

  /** Whoever waits for it gets the same answer, a denial too; whoever comes later asks anew. */
  const fetched = (key: string, settings: OAuthSettings): Promise<TokenAnswer> => {
    const running = asking.get(key);
    if (running) return running;
    const answer = ask(key, settings).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  };

  const get = async (settings: OAuthSettings): Promise<TokenAnswer> => {
    const key = keyOf(settings);
    const known = kept.get(key);
    return known && clock.now() < known.until ? known.token : fetched(key, settings);
  };

  /** A token that was refused is used no more, unless another has taken its place already. */
  const drop = (settings: OAuthSettings, value: string): void => {
    const key = keyOf(settings);
    if (kept.get(key)?.token.value === value) kept.forget(key);
  };

  return { get, drop, fetch: (settings: OAuthSettings) => fetched(keyOf(settings), settings) };
};

export type Tokens = ReturnType<typeof createTokens>;
