/** The key of a state or command, made from its name until somebody types another. */

/** As the contract's keys: at most 64 characters. */
const MAX = 64;
const SPELLED: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o' };

/** `In Prüfung` is `in-pruefung`; '' where no letter or digit of the name can be part of a key. */
export const keyOf = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüßæø]/g, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, MAX)
    .replace(/-+$/, '');

const numbered = (base: string, number: number) => {
  const end = `-${number}`;
  return base.slice(0, MAX - end.length) + end;
};

type Options = {
  /** Stands in for names such as 審査 of which no key can be made. */
  fallback: string;
  taken: readonly string[];
};

/** One that is not taken: `in-review`, or else `in-review-2`. Without a name there is no key yet. */
export const freeKey = (name: string, { fallback, taken }: Options): string => {
  if (name.trim() === '') return '';
  const base = keyOf(name) || fallback;
  // As in the graph's check: two keys that differ in capitals alone are the same key.
  const isTaken = (text: string) => taken.some((other) => other.toLowerCase() === text);
  let key = base;
  for (let number = 2; isTaken(key); number += 1) key = numbered(base, number);
  return key;
};
