/** Sends a request over a connection that shows a client certificate (mutual TLS). */
import { sentence } from '../../contract/sentences';
import { certificateFacts } from '../certificates';
import type { SettingsOf } from '../../contract/authorization';
import type { Clock } from '../../strapi/clock.service';
import type { Identity } from '../http/connections.service';
import type { Sender, SendOptions } from '../http/send.service';
import type { OutgoingRequest } from '../request';
import { unsentForAuth, type Conversation } from './conversation';
import { createMemory } from './memory';
import { keyOf } from './settings-key';

type CertificateSettings = SettingsOf<'clientCertificate'>;
type Options = { sender: Sender; clock: Clock };

const identityOf = (settings: CertificateSettings): Identity => {
  const { certificate, privateKey, passphrase, ca } = settings;
  return { key: keyOf(settings), certificate, privateKey, passphrase, ca };
};

/** Milliseconds since 1970; one that cannot be read is left to the connection to complain about. */
const lastDay = (certificate: string): number =>
  Date.parse(certificateFacts(certificate)?.validTo ?? '') || Number.POSITIVE_INFINITY;

export const createCertificateSending = ({ sender, clock }: Options) => {
  const ends = createMemory<number>();

  const endOf = (settings: CertificateSettings): number => {
    const key = keyOf(settings);
    return ends.get(key) ?? ends.set(key, lastDay(settings.certificate));
  };

  const problemOf = (settings: CertificateSettings) => {
    const end = endOf(settings);
    if (clock.now() <= end) return null;
    return unsentForAuth(
      sentence('client-certificate-expired', { day: new Date(end).toISOString().slice(0, 10) }),
      false,
    );
  };

  return async (
    request: OutgoingRequest,
    settings: CertificateSettings,
    options: SendOptions,
  ): Promise<Conversation> => {
    const outcome =
      problemOf(settings) ??
      (await sender.send(request, { ...options, identity: identityOf(settings) }));
    return { request, outcome, secrets: [] };
  };
};
