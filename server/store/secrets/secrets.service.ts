/**
 * Encrypts what is secret with Strapi's own encryption (AES-256-GCM, keyed by `admin.secrets.encryptionKey`), and reads
 * it with that key or with one before it (docs/decisions/0016).
 */
import type { Core } from '@strapi/strapi';
import { encryptionOf } from '../../strapi/admin.service';
import { isEncrypted } from './cipher';
import { keyRing } from './key-ring';

type Options = {
  strapi: Core.Strapi;
  /** `secrets.previousKeys` of the configuration. */
  previousKeys: readonly string[];
};

export const createSecrets = ({ strapi, previousKeys }: Options) => {
  const currentKey = strapi.config.get('admin.secrets.encryptionKey') as string | undefined;
  const ring = keyRing(currentKey, previousKeys);

  /** A format that we do not know is one of a Strapi to come. */
  const decryptByStrapi = (value: string): string | null => {
    try {
      return encryptionOf(strapi).decrypt(value);
    } catch {
      return null;
    }
  };

  return {
    /** Null without a key: the caller refuses to store anything. */
    encrypt: (value: string): string | null => encryptionOf(strapi).encrypt(value),
    /** Null if the key is missing, or neither it nor one before it is the one that the value was encrypted with. */
    decrypt: (value: string): string | null =>
      isEncrypted(value) ? ring.read(value) : decryptByStrapi(value),
    /** What only a key of before can read; null for all else. */
    readOld: ring.readOld,
  };
};

export type Secrets = ReturnType<typeof createSecrets>;
