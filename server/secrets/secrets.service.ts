/** Encrypts what is secret with Strapi's own encryption (AES-256-GCM, keyed by `admin.secrets.encryptionKey`). */
import type { Core } from '@strapi/strapi';

export const NO_KEY =
  'A secret cannot be stored without an encryption key. Ask a developer to set ENCRYPTION_KEY (admin.secrets.encryptionKey in config/admin) and to restart Strapi. Nothing was saved.';

export const createSecrets = (strapi: Core.Strapi) => {
  const service = () =>
    strapi.service('admin::encryption') as unknown as {
      encrypt(value: string): string | null;
      decrypt(value: string): string | null;
    };
  return {
    hasKey: () => Boolean(strapi.config.get('admin.secrets.encryptionKey')),
    /** Null without a key: the caller refuses to store anything. */
    encrypt: (value: string): string | null => service().encrypt(value),
    /** Null if the key is missing or another one than the value was encrypted with. */
    decrypt: (value: string): string | null => {
      try {
        return service().decrypt(value);
      } catch {
        return null;
      }
    },
  };
};

export type Secrets = ReturnType<typeof createSecrets>;
