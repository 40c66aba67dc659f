/** Puts an authorization's credentials on a request. They win over headers of the same name. */
import type { AuthorizationKind, AuthorizationSettings } from '../../contract/authorization';
import type { OutgoingRequest } from '../outgoing-request';
import { apiKey } from './api-key';
import { basic } from './basic';
import { bearer } from './bearer';

type Authorizers = {
  [Kind in AuthorizationKind]: (
    request: OutgoingRequest,
    authorization: Extract<AuthorizationSettings, { kind: Kind }>,
  ) => OutgoingRequest;
};

/** A new kind takes its seat here, and the compiler asks for it. */
const AUTHORIZERS: Authorizers = { basic, bearer, apiKey };

export const authorize = (
  request: OutgoingRequest,
  authorization: AuthorizationSettings,
): OutgoingRequest => {
  // The record pairs each kind with its own settings; TypeScript loses the pair on a lookup.
  const authorizer = AUTHORIZERS[authorization.kind] as (
    request: OutgoingRequest,
    authorization: AuthorizationSettings,
  ) => OutgoingRequest;
  return authorizer(request, authorization);
};
