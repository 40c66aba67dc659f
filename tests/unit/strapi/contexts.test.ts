import { setTimeout as sleep } from 'node:timers/promises';
import { createContext } from '../../../server/strapi/requests.service';

const save = createContext<string>();
const command = createContext<number>();

it('is known to all that runs inside, and to nothing else', async () => {
  const inside = save.run('one', async () => {
    await sleep(1);
    return save.get();
  });
  expect(save.get()).toBeUndefined();
  expect(await inside).toBe('one');
});

it('hides the outer value, and gives it back', () => {
  const seen = save.run('outer', () => [save.run('inner', () => save.get()), save.get()]);
  expect(seen).toEqual(['inner', 'outer']);
});

it('leaves other contexts as they are', () => {
  const seen = save.run('one', () => command.run(2, () => [save.get(), command.get()]));
  expect(seen).toEqual(['one', 2]);
  expect(command.get()).toBeUndefined();
});

it('keeps calls apart that run at the same time', async () => {
  const seen = await Promise.all(
    ['one', 'two'].map((value) =>
      save.run(value, async () => {
        await sleep(1);
        return save.get();
      }),
    ),
  );
  expect(seen).toEqual(['one', 'two']);
});

it('can be left, and other contexts stay', () => {
  const seen = save.run('one', () =>
    command.run(2, () => save.exit(() => [save.get(), command.get()])),
  );
  expect(seen).toEqual([undefined, 2]);
});
