import { persistently } from '../../../server/store/dialect';

const failing = (times: number, code: string) => {
  let calls = 0;
  const run = async () => {
    calls += 1;
    if (calls <= times) throw Object.assign(new Error('undone'), { code });
    return 'done';
  };
  return { run, calls: () => calls };
};

it.each(['40P01', '40001', 'ER_LOCK_DEADLOCK'])(
  'runs a statement again that the database undid: %s',
  async (code) => {
    const { run, calls } = failing(2, code);
    expect(await persistently(run)).toBe('done');
    expect(calls()).toBe(3);
  },
);

it('tells any other error at once', async () => {
  const { run, calls } = failing(1, '23505');
  await expect(persistently(run)).rejects.toThrow('undone');
  expect(calls()).toBe(1);
});

it('gives up where it is undone again and again', async () => {
  const { run, calls } = failing(100, '40P01');
  await expect(persistently(run)).rejects.toThrow('undone');
  expect(calls()).toBe(5);
});
