/** The actor of a change, from the request that is under way; the system if there is none. */
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

/**
 * Breaks if Strapi renames its strategies of authentication, or what they leave in `ctx.state`: then changes are
 * attributed to the system.
 */
export const createActor = (strapi: Core.Strapi) => (): Actor =>
  actorOf(strapi.requestContext.get()?.state as State | undefined);

export function actorOf(state: State | undefined): Actor {
  const strategy = state?.auth?.strategy?.name;
  const { user } = state ?? {};
  if (strategy === 'content-api-token' || strategy === 'api-token') {
    const { id = null, name = null } = state?.auth?.credentials ?? {};
    return { type: 'api-token', id, name };
  }
  // An outsider whom the Public role lets in is unknown, but not the system.
  if (!user) return strategy === 'users-permissions' ? ANONYMOUS : SYSTEM;
  return {
    type: strategy === 'admin' || strategy === 'admin-token' ? 'admin' : 'user',
    id: user.id,
    name: nameOf(user),
  };
}

/** Never the e-mail address: receivers have no right to it. */
const nameOf = ({ firstname, lastname, username }: User) =>
  [firstname, lastname].filter(Boolean).join(' ') || username || null;
