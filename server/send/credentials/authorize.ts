/** Puts credentials on a request that need nothing but themselves. They win over headers of the same name. */
import type { SettingsOf } from '../../contract/authorization';
import type { OutgoingRequest } from '../request';
import { apiKey } from './api-key';
import { basic } from './basic';
import { bearer } from './bearer';

/** Of these kinds everything is known beforehand; the others take a conversation, or a connection of their own. */
export type PlainSettings = SettingsOf<'basic' | 'bearer' | 'apiKey'>;

export const authorize = (
  request: OutgoingRequest,
  authorization: PlainSettings,
): OutgoingRequest => {
  switch (authorization.kind) {
    case 'basic':
      return basic(request, authorization);
    case 'bearer':
      return bearer(request, authorization);
    case 'apiKey':
      return apiKey(request, authorization);
  }
};
