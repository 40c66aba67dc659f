/** Basic authentication (RFC 7617), with user name and password in UTF-8. */
import { withHeaders, type OutgoingRequest } from '../request';

export const basicCredentials = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');

export const basic = (
  request: OutgoingRequest,
  { username, password }: { username: string; password: string },
): OutgoingRequest => ({
  ...request,
  headers: withHeaders(request.headers, {
    authorization: `Basic ${basicCredentials(username, password)}`,
  }),
});
