/** A map that forgets what was longest unused, so that nothing grows for ever. */
const MOST = 1000;

export const createMemory = <Value>() => {
  const values = new Map<string, Value>();
  const set = (key: string, value: Value): Value => {
    values.delete(key);
    values.set(key, value);
    if (values.size > MOST) values.delete(values.keys().next().value as string);
    return value;
  };
  const get = (key: string): Value | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : set(key, value);
  };
  return { get, set, forget: (key: string) => void values.delete(key) };
};
