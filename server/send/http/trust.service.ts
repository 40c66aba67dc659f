/** Which certificates are believed, and which one is shown: the usual authorities, the project's own, an authorization's. */
import tls from 'node:tls';
import { certificatesIn } from '../certificates/pem';
import type { Identity } from './identity';

/** Node 22.15 and later also know those of NODE_EXTRA_CA_CERTS; before, only the built-in ones can be listed. */
const usualAuthorities = (): readonly string[] =>
  (tls as { getCACertificates?: () => string[] }).getCACertificates?.() ?? tls.rootCertificates;

/** Each is read once here, because a secure context passes over what it cannot read, without a word. */
const certificatesOf = (ca: string) => {
  const certificates = certificatesIn(ca).map((certificate) => certificate.toString());
  if (certificates.length === 0) throw new Error('No certificate was found.');
  return certificates;
};

const BAD_CA =
  'network.ca cannot be read. Expected the text (not the path) of one or more certificates in PEM, starting with -----BEGIN CERTIFICATE-----.';

const authoritiesOf = (ca: string): string[] => {
  try {
    return [...usualAuthorities(), ...certificatesOf(ca)];
  } catch (error) {
    throw new Error(BAD_CA, { cause: error });
  }
};

type Trust = {
  /** `network.ca`: one or more certificates in PEM, believed besides the usual authorities. */
  ca: string | null;
  identity: Identity | null;
};

/**
 * Built once: giving `ca` to every connection instead would read some 140 certificates again for each. An identity
 * with authorities of its own believes no others. Throws where a certificate or key cannot be read.
 */
export const secureContextOf = ({ ca, identity }: Trust): tls.SecureContext | undefined => {
  const own = identity?.ca ? certificatesOf(identity.ca) : null;
  const authorities = own ?? (ca === null ? null : authoritiesOf(ca));
  if (authorities === null && identity === null) return undefined;
  return tls.createSecureContext({
    ...(authorities ? { ca: authorities } : {}),
    ...(identity
      ? {
          cert: identity.certificate,
          key: identity.privateKey,
          ...(identity.passphrase ? { passphrase: identity.passphrase } : {}),
        }
      : {}),
  });
};
