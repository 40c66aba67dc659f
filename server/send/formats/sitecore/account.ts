/** Who did it, by a name that no other account has. A display name such as "Ada L" may be that of two people. */
import type { Actor } from '../../../contract/event';
import type { FormatInput } from '../format-input';

/**
 * As Sitecore's `domain\account`. `known` is the account's own name where it could be read: an administrator's e-mail
 * address, which stands alone and so is like no other, or an end user's name.
 */
export function accountName({ type, id, name }: Actor, known?: string): string {
  switch (type) {
    case 'admin':
      return known ?? `admin\\${id}`;
    case 'user':
      return id === null ? 'public\\anonymous' : `user\\${known ?? id}`;
    case 'api-token':
      // The names of API tokens are unique in Strapi.
      return `api-token\\${name ?? id}`;
    case 'system':
      return 'system\\strapi';
  }
}

export function userName({ event, account }: FormatInput): string {
  return account ?? accountName(event.actor);
}
