/** What a client certificate says of itself, so that people see whose it is and when it ends. Pure. */
import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../../contract/authorization';
import { certificatesIn } from './pem';

/** OpenSSL writes one attribute a line. */
const inOneLine = (name: string) => name.split('\n').join(', ');

/** Null for a day that no calendar has: a certificate may hold one. */
const iso = (time: string): string | null => {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
};

const firstOf = (chain: string): X509Certificate | null => {
  try {
    return certificatesIn(chain)[0] ?? null;
  } catch {
    return null;
  }
};

/** Of the first certificate of a chain; null where it is none that can be read. */
export const certificateFacts = (chain: string): CertificateFacts | null => {
  const certificate = firstOf(chain);
  if (!certificate) return null;
  const [validFrom, validTo] = [certificate.validFrom, certificate.validTo].map(iso);
  if (!validFrom || !validTo) return null;
  return {
    subject: inOneLine(certificate.subject ?? ''),
    issuer: inOneLine(certificate.issuer ?? ''),
    validFrom,
    validTo,
  };
};
