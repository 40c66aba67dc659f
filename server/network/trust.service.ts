/** The authorities whose certificates are believed: the usual ones and, besides, the project's own. */
import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';

/** Node 22.15 and later also know those of NODE_EXTRA_CA_CERTS; before, only the built-in ones can be listed. */
const usualAuthorities = (): readonly string[] =>
  (tls as { getCACertificates?: () => string[] }).getCACertificates?.() ?? tls.rootCertificates;

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Each is read once here, because a secure context passes over what it cannot read, without a word. */
const certificatesOf = (ca: string) => {
  const certificates = (ca.match(PEM) ?? []).map((pem) => new X509Certificate(pem).toString());
  if (certificates.length === 0) throw new Error('No certificate was found.');
  return certificates;
};

/**
 * `ca`: one or more certificates in PEM. Built once: giving `ca` to every connection instead would
 * read some 140 certificates again for each.
 */
export const trustOf = (ca: string | null): tls.SecureContext | undefined => {
  if (ca === null) return undefined;
  try {
    return tls.createSecureContext({ ca: [...usualAuthorities(), ...certificatesOf(ca)] });
  } catch (error) {
    throw new Error(
      'network.ca cannot be read. Expected the text (not the path) of one or more certificates in PEM, starting with -----BEGIN CERTIFICATE-----.',
      { cause: error },
    );
  }
};
