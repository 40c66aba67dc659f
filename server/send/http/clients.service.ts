/** A client for each identity, since a connection is bound to the certificate that it was made with. */
import type { Identity } from './identity';

/** Connections of more identities than these are closed, those of the longest unused first. */
const MOST = 50;

type Closable = { close(): Promise<void>; destroy(): Promise<void> };

export const createClients = <Client extends Closable>(
  create: (identity: Identity | null) => Client,
) => {
  const usual = create(null);
  const others = new Map<string, Client>();

  /** What is under way on it comes to its end. */
  const closeOldest = () => {
    const [oldest] = others;
    if (oldest === undefined || others.size <= MOST) return;
    others.delete(oldest[0]);
    oldest[1].close().catch(() => undefined);
  };

  /** Throws where the certificate or its key cannot be read. */
  const of = (identity: Identity | null): Client => {
    if (identity === null) return usual;
    const client = others.get(identity.key) ?? create(identity);
    others.delete(identity.key);
    others.set(identity.key, client);
    closeOldest();
    return client;
  };

  const destroy = async (): Promise<void> => {
    const all = [usual, ...others.values()];
    others.clear();
    await Promise.all(all.map((client) => client.destroy()));
  };

  return { of, destroy };
};
