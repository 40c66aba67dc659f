/** A bearer token (RFC 6750, 2.1). */
import { withHeaders, type OutgoingRequest } from '../request';

export const bearer = (
  request: OutgoingRequest,
  { token }: { token: string },
): OutgoingRequest => ({
  ...request,
  headers: withHeaders(request.headers, { authorization: `Bearer ${token}` }),
});
