/** What the authorization form sends, above all for secrets that it has never seen. */
import { draftOf, inputOf, isStored, issuesOf } from '../../../admin/pages/authorizations/draft';
import type { Authorization } from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';

const stored: Authorization = {
  id: '7',
  kind: 'basic',
  name: 'Search',
  description: '',
  username: 'ada',
  password: MASK,
  webhooks: [],
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
};

const paths = (draft: Parameters<typeof issuesOf>[0], of: Authorization | null) => [
  ...new Set(issuesOf(draft, of).map(({ path }) => path.join('.'))),
];

describe('the form of an authorization', () => {
  it('shows a stored secret as an empty field, so that its mask cannot be edited', () => {
    expect(draftOf(stored)).toMatchObject({ name: 'Search', username: 'ada', password: '' });
    expect(isStored(stored, draftOf(stored), 'password')).toBe(true);
  });

  it('keeps a stored secret that is left alone', () => {
    const renamed = { ...draftOf(stored), name: 'Search 2' };
    expect(inputOf(renamed, stored)).toEqual({
      kind: 'basic',
      name: 'Search 2',
      description: '',
      username: 'ada',
      password: MASK,
    });
    expect(paths(renamed, stored)).toEqual([]);
  });

  it('sends a secret that was typed', () => {
    const changed = { ...draftOf(stored), password: 'new' };
    expect(inputOf(changed, stored)).toMatchObject({ password: 'new' });
  });

  it('asks for the secret of another kind, although one of the first kind is stored', () => {
    const changed = { ...draftOf(stored), kind: 'bearer' as const };
    expect(inputOf(changed, stored)).toEqual({
      kind: 'bearer',
      name: 'Search',
      description: '',
      token: '',
    });
    expect(paths(changed, stored)).toEqual(['token']);
  });

  it('names every field that is missing', () => {
    expect(paths(draftOf(null), null)).toEqual(['name', 'username', 'password']);
  });

  it('sends the fields of its kind only, whatever was typed under another', () => {
    const draft = {
      ...draftOf(null),
      kind: 'apiKey' as const,
      name: 'Key',
      username: 'left over',
      key: 'x-api-key',
      value: 'k',
    };
    expect(inputOf(draft, null)).toEqual({
      kind: 'apiKey',
      name: 'Key',
      description: '',
      key: 'x-api-key',
      value: 'k',
      in: 'header',
    });
  });
});
