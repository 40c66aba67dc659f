/** The authorities whose certificates are believed: the usual ones and, besides, the project's own. */
import tls from 'node:tls';

/** Node 22.15 and later also know those of NODE_EXTRA_CA_CERTS; before, only the built-in ones can be listed. */
const usualAuthorities = (): readonly string[] =>
  (tls as { getCACertificates?: () => string[] }).getCACertificates?.() ?? tls.rootCertificates;

/**
 * `ca`: one or more certificates in PEM. Built once: giving `ca` to every connection instead would
 * read some 140 certificates again for each.
 */
export const trustOf = (ca: string | null): tls.SecureContext | undefined => {
  if (ca === null) return undefined;
  try {
    return tls.createSecureContext({ ca: [...usualAuthorities(), ca] });
  } catch (error) {
    throw new Error(
      'network.ca cannot be read. Expected the text of one or more certificates in PEM, starting with -----BEGIN CERTIFICATE-----.',
      { cause: error },
    );
  }
};
