/**
 * The kind of authorization that is a client certificate: a connection that shows it (mutual TLS), what certificates and
 * keys as text (PEM, RFC 7468) contain, and what is wrong with them. Pure.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { CertificateFacts, SettingsOf } from '../../contract/authorization';
import { MASK } from '../../contract/names';
import { sentence } from '../../contract/sentences';
import { remembering } from '../../store/remembering';
import type { Problem } from '../../strapi/errors';
import { settingsKeyOf, unsentForAuth, type CredentialKind } from './kind';

type CertificateSettings = SettingsOf<'clientCertificate'>;

export const clientCertificate: CredentialKind<CertificateSettings> = {
  secretsIn: ({ privateKey, passphrase }) => [privateKey, passphrase ?? ''],
  urlProblem: ({ protocol }) =>
    protocol === 'https:' ? null : sentence('client-certificate-needs-tls'),
  problemsOf: async (settings, { now }) =>
    settings.privateKey === MASK ? [] : certificateProblems(settings, now),
  createSending: ({ sender, clock }) => ({
    async send(request, settings, options) {
      const { certificate, privateKey, passphrase, ca } = settings;
      const end = endOf(certificate);
      if (clock.now() > end) {
        const message = sentence('client-certificate-expired', { day: dayOf(end) });
        return { request, outcome: unsentForAuth(message), secrets: [] };
      }
      const identity = { key: settingsKeyOf(settings), certificate, privateKey, passphrase, ca };
      return {
        request,
        outcome: await sender.send(request, { ...options, identity }),
        secrets: [],
      };
    },
  }),
};

/** The end of a certificate in milliseconds since 1970. The connection itself refuses a certificate that cannot be read. */
const endOf = remembering(
  (certificate) =>
    Date.parse(certificateFacts(certificate)?.validTo ?? '') || Number.POSITIVE_INFINITY,
);

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Every certificate of a text, in its order. Throws where one of them cannot be read. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  );

/** The facts of the first certificate of a chain, for people to read; null if it cannot be read. */
export function certificateFacts(chain: string): CertificateFacts | null {
  const certificate = readable(chain)?.[0];
  if (!certificate) return null;
  const [validFrom, validTo] = [certificate.validFrom, certificate.validTo].map(isoOf);
  if (!validFrom || !validTo) return null;
  return {
    subject: inOneLine(certificate.subject ?? ''),
    issuer: inOneLine(certificate.issuer ?? ''),
    validFrom,
    validTo,
  };
}

/** Found when the authorization is saved. `settings` in the clear; `now` in milliseconds. */
function certificateProblems(settings: CertificateSettings, now: number): Problem[] {
  const certificate = datable(settings.certificate)?.[0];
  const ca = settings.ca === null ? [] : datable(settings.ca);
  return [
    ...(certificate
      ? [...timeProblems(certificate, now), ...pairProblems(certificate, settings)]
      : [{ path: ['certificate'], message: `The certificate ${UNREADABLE}` }]),
    ...(ca === null ? [{ path: ['ca'], message: `The authority ${UNREADABLE}` }] : []),
  ];
}

const UNREADABLE = 'cannot be read. Paste it whole, with its BEGIN and END lines.';

function readable(pem: string): X509Certificate[] | null {
  try {
    return certificatesIn(pem);
  } catch {
    return null;
  }
}

/** Null where one of them cannot be read, or ends on a day that no calendar has. */
function datable(pem: string): X509Certificate[] | null {
  const found = readable(pem);
  return found?.every(({ validTo }) => Date.parse(validTo)) ? found : null;
}

/** Null for a day that no calendar has: a certificate may hold one. */
function isoOf(time: string): string | null {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** OpenSSL writes one attribute a line. */
const inOneLine = (name: string) => name.split('\n').join(', ');

function timeProblems({ validTo }: X509Certificate, now: number): Problem[] {
  const end = Date.parse(validTo);
  if (end >= now) return [];
  const message = `This certificate expired on ${dayOf(end)}. Ask the receiver's owner for a new one.`;
  return [{ path: ['certificate'], message }];
}

function pairProblems(certificate: X509Certificate, settings: CertificateSettings): Problem[] {
  const key = privateKeyOf(settings);
  if (!('type' in key)) return [key];
  if (certificate.checkPrivateKey(key)) return [];
  const message =
    'This private key belongs to another certificate. Enter the one that was made with it.';
  return [{ path: ['privateKey'], message }];
}

/** Not OpenSSL's own messages: those are for programmers, and depend on its version. */
function privateKeyOf({ privateKey, passphrase }: CertificateSettings): KeyObject | Problem {
  const isEncrypted = privateKey.includes('ENCRYPTED');
  if (isEncrypted && passphrase === null)
    return {
      path: ['passphrase'],
      message: 'This private key is encrypted. Enter its passphrase.',
    };
  try {
    return createPrivateKey({ key: privateKey, ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    return isEncrypted
      ? { path: ['passphrase'], message: 'This passphrase does not open the private key.' }
      : { path: ['privateKey'], message: `The private key ${UNREADABLE}` };
  }
}
