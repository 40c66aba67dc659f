/** What is wrong with a client certificate and its key, found when they are saved rather than at night. Pure. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { SettingsOf } from '../../contract/authorization';
import type { Problem } from '../../strapi/errors';
import { certificatesIn } from './pem';

type CertificateSettings = SettingsOf<'clientCertificate'>;

const UNREADABLE = 'cannot be read. Paste it whole, with its BEGIN and END lines.';

/** Null where one of them cannot be read. */
const certificatesOf = (pem: string): X509Certificate[] | null => {
  try {
    const found = certificatesIn(pem);
    return found.every(({ validTo }) => Date.parse(validTo)) ? found : null;
  } catch {
    return null;
  }
};

const isEncrypted = (pem: string) => /ENCRYPTED/.test(pem);

/** OpenSSL's own words are for programmers, and depend on its version. */
const keyOf = ({ privateKey, passphrase }: CertificateSettings): KeyObject | Problem => {
  if (isEncrypted(privateKey) && passphrase === null) {
    return {
      path: ['passphrase'],
      message: 'This private key is encrypted. Enter its passphrase.',
    };
  }
  try {
    return createPrivateKey({ key: privateKey, ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    return isEncrypted(privateKey)
      ? { path: ['passphrase'], message: 'This passphrase does not open the private key.' }
      : { path: ['privateKey'], message: `The private key ${UNREADABLE}` };
  }
};

const dayOf = (time: string) => new Date(time).toISOString().slice(0, 10);

const timeProblem = ({ validTo }: X509Certificate, now: number): Problem[] =>
  Date.parse(validTo) < now
    ? [
        {
          path: ['certificate'],
          message: `This certificate expired on ${dayOf(validTo)}. Ask the receiver's owner for a new one.`,
        },
      ]
    : [];

const pairProblem = (certificate: X509Certificate, settings: CertificateSettings): Problem[] => {
  const key = keyOf(settings);
  if (!('type' in key)) return [key];
  return certificate.checkPrivateKey(key)
    ? []
    : [
        {
          path: ['privateKey'],
          message:
            'This private key belongs to another certificate. Enter the one that was made with it.',
        },
      ];
};

/** `settings` in the clear; `now` in milliseconds. */
export const certificateProblems = (settings: CertificateSettings, now: number): Problem[] => {
  const certificate = certificatesOf(settings.certificate)?.[0];
  const ca = settings.ca === null ? [] : certificatesOf(settings.ca);
  return [
    ...(certificate
      ? [...timeProblem(certificate, now), ...pairProblem(certificate, settings)]
      : [{ path: ['certificate'], message: `The certificate ${UNREADABLE}` }]),
    ...(ca === null ? [{ path: ['ca'], message: `The authority ${UNREADABLE}` }] : []),
  ];
};
