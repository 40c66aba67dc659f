/** Creates certificate authorities and the certificates that they sign. */
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import forge from 'node-forge';

export type Issued = {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
};

export type CertificateOptions = {
  /** The common name. */
  name: string;
  /** Host names and addresses of a server's certificate. */
  hosts?: string[];
  validFrom?: Date;
  validTo?: Date;
};

export type Authority = Issued & {
  /** A certificate for a server, or for a client if `hosts` is missing. */
  issue(wish: CertificateOptions): Issued;
};

const DAY = 24 * 60 * 60 * 1000;
const fromNow = (days: number) => new Date(Date.now() + days * DAY);
const isAddress = (host: string) => /^[\d.]+$|:/.test(host);

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const newKey = () => pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** node-forge reads RSA keys in PKCS #1 only. */
const forgeKey = (pem: string) =>
  forge.pki.privateKeyFromPem(
    createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString(),
  );

const extensionsOf = ({ hosts }: CertificateOptions, isAuthority: boolean) => {
  if (isAuthority) return [{ name: 'basicConstraints', cA: true }];
  const usage = { name: 'extKeyUsage', serverAuth: Boolean(hosts), clientAuth: !hosts };
  const altNames = (hosts ?? []).map((host) =>
    isAddress(host) ? { type: 7, ip: host } : { type: 2, value: host },
  );
  return hosts ? [usage, { name: 'subjectAltName', altNames }] : [usage];
};

type Signing = { issuer: string; with: string; key: string; isAuthority: boolean };

const signed = (
  wish: CertificateOptions,
  { issuer, with: signingKey, key, isAuthority }: Signing,
): Issued => {
  const certificate = forge.pki.createCertificate();
  const own = forgeKey(key);
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  // The prefix 01 keeps the number positive and without padding: OpenSSL rejects others (RFC 5280, 4.1.2.2).
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = wish.validFrom ?? fromNow(-1);
  certificate.validity.notAfter = wish.validTo ?? fromNow(30);
  certificate.setSubject([{ name: 'commonName', value: wish.name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions(extensionsOf(wish, isAuthority));
  certificate.sign(forgeKey(signingKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
};

export const makeAuthority = (name: string): Authority => {
  const key = newKey();
  const own = signed({ name }, { issuer: name, with: key, key, isAuthority: true });
  return {
    ...own,
    issue: (wish) => signed(wish, { issuer: name, with: key, key: newKey(), isAuthority: false }),
  };
};

export const expired = { validFrom: fromNow(-60), validTo: fromNow(-30) };
export const notYetValid = { validFrom: fromNow(30), validTo: fromNow(60) };

/** The same private key, encrypted with a passphrase. */
export const encryptedKey = (key: string, passphrase: string): string =>
  createPrivateKey(key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString();

/** A key that fits none of the certificates. */
export const unrelatedKey = newKey;
