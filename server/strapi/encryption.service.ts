/** Strapi's own encryption (AES-256-GCM, keyed by `admin.secrets.encryptionKey`). */
import type { Core } from '@strapi/strapi';

type Encryption = {
  /** Null without a key. */
  encrypt(text: string): string | null;
  /** Null without a key, or with another one. Throws for a format that it does not know. */
  decrypt(encrypted: string): string | null;
};

/** Breaks if Strapi renames the service, or encrypts in a format that `store/secrets/cipher` cannot read. */
export const encryptionOf = (strapi: Core.Strapi): Encryption =>
  strapi.service('admin::encryption') as Encryption;
