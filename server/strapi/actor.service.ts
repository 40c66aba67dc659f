/** Who did it, from the request that is under way; the system where there is none. */
import type { Core } from '@strapi/strapi';
import type { Actor } from '../contract/event';

type User = {
  id: number | string;
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
};
type State = {
  user?: User;
  auth?: { strategy?: { name?: string }; credentials?: { id?: number | string; name?: string } };
};

const SYSTEM: Actor = { type: 'system', id: null, name: null };
const ANONYMOUS: Actor = { type: 'user', id: null, name: null };

/** Never the e-mail address: it is nobody's business at the other end. */
const nameOf = ({ firstname, lastname, username }: User) =>
  [firstname, lastname].filter(Boolean).join(' ') || username || null;

export const actorOf = (state: State | undefined): Actor => {
  const strategy = state?.auth?.strategy?.name;
  const { user } = state ?? {};
  if (strategy === 'content-api-token' || strategy === 'api-token') {
    const { id = null, name = null } = state?.auth?.credentials ?? {};
    return { type: 'api-token', id, name };
  }
  // Somebody from outside whom the Public role let in is nobody known, but not the system.
  if (!user) return strategy === 'users-permissions' ? ANONYMOUS : SYSTEM;
  return {
    type: strategy === 'admin' || strategy === 'admin-token' ? 'admin' : 'user',
    id: user.id,
    name: nameOf(user),
  };
};

export const createActor = (strapi: Core.Strapi) => (): Actor =>
  actorOf(strapi.requestContext.get()?.state as State | undefined);
