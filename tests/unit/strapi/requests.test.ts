/** Who did it, as Strapi's request state tells. */
import { actorOf } from '../../../server/strapi/requests.service';

const user = { id: 1, firstname: 'Ada', lastname: 'Admin', email: 'ada@example.com' };
const by = (name: string, credentials?: object) => ({ strategy: { name }, credentials });

it.each([
  [undefined, { type: 'system', id: null, name: null }],
  [{}, { type: 'system', id: null, name: null }],
  [
    { user, auth: by('admin') },
    { type: 'admin', id: 1, name: 'Ada Admin' },
  ],
  [
    { user: { id: 2, username: 'eve' }, auth: by('admin-token') },
    { type: 'admin', id: 2, name: 'eve' },
  ],
  [
    { user: { id: 3 }, auth: by('admin') },
    { type: 'admin', id: 3, name: null },
  ],
  [
    { auth: by('content-api-token', { id: 4, name: 'Shop' }) },
    { type: 'api-token', id: 4, name: 'Shop' },
  ],
  [
    { user: { id: 5, username: 'reader' }, auth: by('users-permissions') },
    { type: 'user', id: 5, name: 'reader' },
  ],
  [{ auth: by('users-permissions') }, { type: 'user', id: null, name: null }],
])('%j is %j', (state, actor) => {
  expect(actorOf(state as Parameters<typeof actorOf>[0])).toEqual(actor);
});

it('never contains an e-mail address', () => {
  const told = JSON.stringify(actorOf({ user, auth: by('admin') } as never));
  expect(told).not.toContain('@');
});
