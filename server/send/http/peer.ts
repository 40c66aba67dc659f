/** Where a socket ended up, judged once it is open. */
import { addressProblem, isLiteral } from './address';
import { type Allow, isHostAllowed } from './allow';
import { BlockedError } from './blocked-error';

/** A socket that was reset as soon as it was there has no peer any more: a broken line, which says nothing of the address. */
const goneAgain = () =>
  Object.assign(new Error('The connection was closed as soon as it was there'), {
    code: 'ECONNRESET',
  });

/** The last word: whatever was asked for, this is where the socket ended up. Null where it may stay open. */
export const peerError = (
  { remoteAddress }: { remoteAddress?: string | undefined },
  hostname: string,
  allow: Allow,
): Error | null => {
  if (!isLiteral(hostname) && isHostAllowed(hostname, allow)) return null;
  if (remoteAddress === undefined) return goneAgain();
  const problem = addressProblem(remoteAddress, allow);
  return problem === null ? null : new BlockedError(problem);
};
