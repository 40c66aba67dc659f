/** A certificate of ours that a receiver asks for (mutual TLS). */
export type Identity = {
  /** Tells identities apart: another one has connections of its own. */
  key: string;
  /** PEM: the certificate, and after it those between it and its authority. */
  certificate: string;
  /** PEM; in the clear, or encrypted with the passphrase. */
  privateKey: string;
  passphrase: string | null;
  /** PEM: the only authorities that the receiver's certificate is checked against; null: the usual ones. */
  ca: string | null;
};
