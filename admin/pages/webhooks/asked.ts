/** What a link to the new webhook's form asks for, as in `?kind=validation&workflow=<id>&command=approve`. */
import { WEBHOOK_KINDS, type WebhookKind } from '../../../server/contract/webhook';
import type { Place } from './draft';

export type Asked = {
  /** Null where none is named, or one that there is not. */
  kind: WebhookKind | null;
  place: Place;
};

export const asked = (params: URLSearchParams): Asked => ({
  kind: WEBHOOK_KINDS.find((kind) => kind === params.get('kind')) ?? null,
  place: {
    workflow: params.get('workflow') || null,
    state: params.get('state') || null,
    command: params.get('command') || null,
  },
});
