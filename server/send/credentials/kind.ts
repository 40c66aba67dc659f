/** A request together with the calls that its credentials need: their result, their deadline, and their memory. */
import { createHash } from 'node:crypto';
import type { AuthorizationSettings } from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import type { Outcome, Unsent } from '../http/outcome';
import type { OutgoingRequest } from '../request';

export type Conversation = {
  /** The last one that was sent, with its credentials; without them if none was sent. */
  request: OutgoingRequest;
  /** Its time is that of all calls together. */
  outcome: Outcome | Unsent;
  /** Texts that must never be stored or shown, such as an access token that was fetched. */
  secrets: string[];
};

export const unsentForAuth = (message: string, isFinal: boolean): Unsent => ({
  kind: 'unsent',
  reason: 'auth',
  message,
  isFinal,
  ms: 0,
});

export const isUnauthorized = (outcome: Conversation['outcome']) =>
  outcome.kind === 'answered' && outcome.status === 401;

/** The outcome of the last of several calls within one deadline, with the time of all. */
export const wholeOutcome = (
  outcome: Conversation['outcome'],
  { timeout, spent }: { timeout: number; spent: number },
): Conversation['outcome'] =>
  outcome.kind === 'failed' && outcome.reason === 'timeout'
    ? {
        ...outcome,
        ms: spent,
        message: sentence('answer-timeout-with-credentials', { timeout }),
      }
    : { ...outcome, ms: spent };

/** One deadline over several calls. */
export type Deadline = {
  /** Milliseconds that are left; never less than 1, with which a call ends at once. */
  left(): number;
  spent(): number;
  /** What comes first: the value, the end of the time, or the stop. */
  race<Value>(waited: Promise<Value>, signal?: AbortSignal): Promise<Value | 'late' | 'aborted'>;
};

export function deadlineOf(timeout: number): Deadline {
  const startedAt = performance.now();
  const spent = () => Math.round(performance.now() - startedAt);
  const left = () => Math.max(1, timeout - spent());
  return {
    left,
    spent,
    race: (waited, signal) =>
      new Promise((resolve, reject) => {
        const over = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', stop);
        };
        const end = (value: 'late' | 'aborted') => {
          over();
          resolve(value);
        };
        const stop = () => end('aborted');
        const timer = setTimeout(() => end('late'), left());
        signal?.addEventListener('abort', stop);
        waited.finally(over).then(resolve, reject);
        if (signal?.aborted) stop();
      }),
  };
}

const MOST_REMEMBERED = 1000;

/** A map that forgets the value that was unused longest, so that it never grows without end. */
export function createMemory<Value>() {
  const values = new Map<string, Value>();
  const set = (key: string, value: Value): Value => {
    values.delete(key);
    values.set(key, value);
    if (values.size > MOST_REMEMBERED) values.delete(values.keys().next().value as string);
    return value;
  };
  const get = (key: string): Value | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : set(key, value);
  };
  return { get, set, forget: (key: string) => void values.delete(key) };
}

const knownKeys = new WeakMap<AuthorizationSettings, string>();

/**
 * The key under which something is remembered for credentials: edited ones have another. A hash, so that no memory is
 * searched by a secret. Names, notes and hosts change nothing.
 */
export function settingsKeyOf(settings: AuthorizationSettings): string {
  const known = knownKeys.get(settings);
  if (known !== undefined) return known;
  const { name: _name, description: _description, allowedHosts: _hosts, ...rest } = settings;
  const key = createHash('sha256').update(JSON.stringify(rest)).digest('base64');
  knownKeys.set(settings, key);
  return key;
}
