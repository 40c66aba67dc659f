/** Strapi registers a plugin's permissions all or none (from 5.61 on), so each of them must be acceptable. */
import { PERMISSIONS } from '../../../server/contract/names';

test('every permission has a name of its own that Strapi accepts', () => {
  const names = PERMISSIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(\.[a-z-]+)*$/);
});
