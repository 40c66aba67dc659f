/** Authorizations, what a webhook may choose of them, and the check of one against its provider. */
import type {
  Authorization,
  AuthorizationCheck,
  AuthorizationCheckInput,
  AuthorizationChoice,
  AuthorizationInput,
} from '../../server/contract/authorization';
import { changing, dataOf, get, post, reading } from './api';
import { path } from './query';
import { resource } from './resource';

const NAME = 'authorizations';

export const authorizations = {
  ...resource<Authorization, AuthorizationInput>({
    name: NAME,
    tag: 'authorization',
    stale: ['webhook'],
  }),
  /** Ids and names, for everyone who may read webhooks. */
  choices: reading<AuthorizationChoice[]>('authorizations.choices', {
    request: () => get(path(NAME, 'choices')),
    result: dataOf,
    tags: ['authorization'],
  }),
  check: changing<AuthorizationCheck, { id: string; input: AuthorizationCheckInput }>(
    'authorizations.check',
    {
      request: ({ id, input }) => post(path(NAME, id, 'check'), input),
      result: dataOf,
      stale: [],
    },
  ),
};
