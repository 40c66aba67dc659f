/** Tells the credentials apart for which something is remembered: edited ones are others. */
import { createHash } from 'node:crypto';
import type { AuthorizationSettings } from '../../contract/authorization';

const known = new WeakMap<AuthorizationSettings, string>();

/** A hash, so that no memory is searched by a secret. Names and notes change nothing. */
export const keyOf = (settings: AuthorizationSettings): string => {
  const remembered = known.get(settings);
  if (remembered !== undefined) return remembered;
  const { name: _name, description: _description, allowedHosts: _hosts, ...rest } = settings;
  const key = createHash('sha256').update(JSON.stringify(rest)).digest('base64');
  known.set(settings, key);
  return key;
};
