/** What other parts ask of all webhooks, or of one that need not be there. */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import type { PublicKey } from '../../contract/webhook';
import type { Clock } from '../../strapi/clock.service';
import { publicKeysOf, type WebhookRow } from '../../store/webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = { strapi: Core.Strapi; clock: Clock };

export const createLookups = ({ strapi, clock }: Options) => {
  const rows = () => strapi.db.query(UID);

  /** The names of all webhooks, by id. */
  const names = async (): Promise<Map<string, string>> => {
    const found: WebhookRow[] = await rows().findMany({ select: ['documentId', 'name'] });
    return new Map(found.map(({ documentId, name }) => [documentId, name]));
  };

  const enabledIds = async (): Promise<Set<string>> => {
    const found: WebhookRow[] = await rows().findMany({
      select: ['documentId'],
      where: { enabled: true },
    });
    return new Set(found.map(({ documentId }) => documentId));
  };

  /** For anybody: none where the webhook does not sign with a key pair, or is not there at all. */
  const publicKeys = async (id: string): Promise<PublicKey[]> => {
    const row: WebhookRow | null = await rows().findOne({ where: { documentId: id } });
    return row ? publicKeysOf(row, clock.now()) : [];
  };

  return { names, enabledIds, publicKeys };
};
