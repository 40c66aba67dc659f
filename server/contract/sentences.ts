/**
 * Every reason that the plugin gives for a failure. The server stores it in English; the panel recognizes the sentence and
 * shows it in its own language. A sentence may hold others, as `{why}`.
 */
export const SENTENCES = {
  'connection-closed': 'The receiver closed the connection before its answer was complete.',
  'connection-no-way': 'There is no way through the network to the receiver.',
  'host-not-looked-up': 'The host name of the URL could not be looked up just now.',
  'connections-used-up': 'This server has too many files or connections open to make another one.',
  'connection-not-permitted': 'The operating system of this server does not permit the connection.',
  'certificate-untrusted':
    'The certificate of the receiver is not signed by a trusted authority. A developer can trust one: network.ca in config/plugins.',
  'certificate-self-signed':
    'The certificate of the receiver is signed by itself, and not by a trusted authority. A developer can trust one: network.ca in config/plugins.',
  'connection-refused':
    'The receiver refused the connection: nothing listens at this host and port.',
  'host-unknown': 'The host name of the URL does not exist.',
  'certificate-expired': 'The certificate of the receiver has expired.',
  'certificate-not-yet-valid':
    'The certificate of the receiver is not valid yet. Check the clock of this server.',
  'certificate-other-host': 'The certificate of the receiver is for another host name.',
  'protocol-switched':
    'The receiver answered 101: it switched to another protocol, which nobody had asked for.',
  'answer-interim-only':
    'The receiver sent more than 64 KB of interim responses (1xx), and no answer after them.',
  'headers-too-many': 'The receiver answered with more headers than can be read.',
  'certificate-unusable': 'The certificate of the receiver cannot be used.',
  'answer-no-http':
    'The receiver answered with something that is not HTTP. If it expects TLS, its URL starts with https://.',
  'tls-none':
    'The receiver does not speak TLS at this port. Its URL may have to start with http://, or to name another port.',
  'tls-too-old': 'The receiver does not offer TLS 1.2 or a later version.',
  'tls-refused':
    'The receiver refused the TLS connection. It may want a client certificate, or no cipher is known to both sides.',
  'tls-client-certificate':
    'The receiver wants a client certificate, and did not accept the one it was shown, or none. Check the authorization.',
  'tls-host-unknown': 'The receiver has no certificate for the host name of the URL.',
  'tls-no-http': 'The receiver does not speak HTTP/1.1 over TLS.',
  'certificate-weak': 'The certificate or the key of the receiver is too weak.',
  'tls-failed': 'The TLS connection to the receiver failed.',
  'tls-closed': 'The receiver closed the connection during the TLS handshake.',
  'proxy-refused':
    'The proxy (network.proxy) did not connect to the receiver: it answered {status}.',
  'call-failed': 'The call failed: {message}.',
  'connection-timeout': 'No connection to the receiver came about in time.',
  'call-stopped': 'The call was stopped before the receiver had answered.',
  'sending-thread-ended': 'The thread that sends ended while it made the call: {message}',
  'request-not-sent': 'The request cannot be sent: {message}',
  'answer-timeout': 'The receiver did not answer completely within {timeout} ms.',
  'url-scheme':
    'Expected a URL that starts with https:// or http://, and this one starts with "{protocol}".',
  'url-no-tls':
    'Expected a URL that starts with https://: this project sends webhooks over TLS only (network.requireHttps in config/plugins).',
  'url-credentials':
    'Expected a URL without a user name or password. Store them as an authorization, and choose it in the webhook.',
  'url-incomplete': 'Expected a complete URL, such as https://example.com/hook.',
  'address-private':
    '{address} is a private or local address, and webhooks may not call those. If this receiver is yours, a developer can allow it: network.allow in config/plugins.',
  'host-leads-to-private':
    '{host} leads to {address}, a private or local address, and webhooks may not call those. If this receiver is yours, a developer can allow it: network.allow in config/plugins.',
  'host-private':
    '{host} is a private or local host, and webhooks may not call those. If this receiver is yours, a developer can allow it: network.allow in config/plugins.',
  'credentials-unusable': 'The credentials could not be used: {message}.',
  'client-certificate-expired':
    'The client certificate expired on {day}. Put a new one into its authorization.',
  'client-certificate-needs-tls':
    'A client certificate is shown over TLS only, and this URL does not start with https://.',
  'answer-timeout-with-credentials':
    'The receiver did not answer completely within {timeout} ms, in which its credentials had to be had, too.',
  'token-stopped': 'The call was stopped before a token had come.',
  'token-too-late':
    'No token had come after {spent} ms, which is all the time there is for the request.',
  'token-none': 'No token came from {url}: {why}.',
  'token-undiscovered': 'The token URL could not be discovered at {url}: {why}.',
  'token-status': 'it answered {status}.',
  'token-error': 'it answered {status}, {error}.',
  'token-too-long': 'it answered more than {size} KB.',
  'token-late': 'its answer was not complete in time.',
  'token-broken-off': 'its answer broke off.',
  'token-not-waited-for': 'its answer was not waited for.',
  'token-no-json': 'it answered something else than a JSON object.',
  'token-missing': 'its answer holds no access_token.',
  'token-not-a-header': 'its access_token holds characters that a header cannot carry.',
  'token-contradictory': 'its answer holds {name} twice, with different values.',
  'issuer-missing': 'its document names no issuer.',
  'issuer-no-token-endpoint': 'its document names no token_endpoint.',
  'issuer-contradictory': 'its document holds {name} twice, with different values.',
  'issuer-other':
    'its document is that of another issuer, "{issuer}". If that is right, enter it as the authority URL or add it to the additional base addresses.',
  'issuer-elsewhere':
    'it names a token endpoint at another place, {origin}. If that is right, add it to the additional base addresses.',
  'digest-unknown':
    'The receiver asks for digest authentication in a way that is not known here (algorithm {algorithms}). Known are MD5, SHA-256 and SHA-512-256, each with -sess too, with qop auth or auth-int.',
  'digest-other-scheme':
    'The receiver asks for {schemes}, not for digest authentication. Choose an authorization of that kind.',
  'digest-no-challenge':
    'The receiver answered 401 without saying how to authenticate (WWW-Authenticate).',
  'authorization-not-for-host':
    'The authorization "{name}" may not be sent to {host}. Choose another one, or have the host added to its allowed hosts.',
  'request-not-made': 'The request could not be made: {message}',
  'body-too-large':
    'The body has {bytes} bytes, and at most {most} are sent. A developer can raise delivery.maxBodyBytes in config/plugins.',
  'receiver-redirected':
    'The receiver answered {status}, a redirect, and redirects are never followed. Enter the final URL in the webhook, then resend.',
  'receiver-gone': 'The receiver answered 410 Gone: it wants no more deliveries.',
  'receiver-answered': 'The receiver answered {status}.',
  'attempt-last': 'That was attempt {count} of {most}.',
  'attempt-beyond': 'That was attempt {count}. The webhook makes at most {most} by itself.',
  'attempts-failed': '{count} attempts in a row failed.',
  'failed-for-days': 'Every attempt of the last {count} days failed.',
  'failed-for-day': 'Every attempt of the last day failed.',
  'failed-for-hours': 'Every attempt of the last {count} hours failed.',
  'failed-for-hour': 'Every attempt of the last hour failed.',
  'webhook-was-disabled': 'The webhook was disabled when this happened.',
  'webhook-url-unreadable':
    'The URL cannot be read with the encryption key of this server. Enter it again, or restore the key (ENCRYPTION_KEY) that it was stored with.',
  'webhook-header-unreadable':
    'A secret header cannot be read with the encryption key of this server. Enter it again, or restore the key (ENCRYPTION_KEY) that it was stored with.',
  'webhook-secret-unreadable':
    'The signing secret cannot be read with the encryption key of this server. Enter it again, or restore the key (ENCRYPTION_KEY) that it was stored with.',
  'authorization-unreadable':
    "The authorization's secret cannot be read with the encryption key of this server. Enter it again, or restore the key (ENCRYPTION_KEY) that it was stored with.",
  'authorization-gone': 'The authorization of this webhook is gone. Choose another one.',
  'webhook-was-deleted': 'The webhook was deleted before this was sent.',
  'webhook-named-was-deleted': 'The webhook "{name}" was deleted before this was sent.',
  'delivery-cancelled': 'An administrator cancelled this before it was sent.',
  'test-not-repeated': 'A test is not tried again by itself.',
  'validation-not-repeated': 'A validation is not asked again by itself. Run the command again.',
  'validation-no-time': 'There was no time left to ask it.',
  'validation-spared':
    'It is not asked until {time} UTC, because it gave no readable answer several times in a row.',
  'validation-unauthorized':
    "It answered {status}: it did not accept the credentials. Check the webhook's authorization.",
  'validation-redirected': 'It answered {status}, a redirect, and redirects are not followed.',
  'validation-answered':
    'It answered {status}, and only a status of 200 to 299 counts as an answer.',
  'validation-timeout': 'It did not answer within {timeout} ms.',
  'validation-no-reason': 'It gave no reason.',
  'validation-no-answer': '{name} gave no answer: {why}.',
  'validation-unreadable': '{name} gave an unreadable answer: {why}.',
  'validation-only-warns': 'It only warns.',
  'validation-lets-pass': 'It lets documents pass then.',
  'answer-empty': 'It was empty.',
  'answer-web-page': 'It was a web page.',
  'answer-no-object': 'It was neither a JSON object nor an XML element.',
  'answer-without-verdict': 'It holds neither "IsValid" nor "allowed".',
  'answer-not-boolean': 'Its "IsValid" or "allowed" is neither true nor false.',
  'answer-contradictory': 'It says yes and no at once.',
  'answer-too-long': 'It was longer than the part of an answer that is read.',
  'answer-incomplete': 'It broke off, or was not complete in time.',
  'answer-expected': 'Expected { "IsValid": true } or { "allowed": true }.',
  'document-gone': 'The document was deleted, or no longer has this locale.',
  'schedule-broken': 'It could not be done: the server log says why.',
  'schedule-again': 'It could not be done just now, and is tried again. The server log says why.',
  'document-busy':
    '{by} is running "{command}" on this document at this moment. Nothing was changed; look again when it is done.',
  'document-changed-meanwhile':
    'The document was changed while it was being checked, so what was checked is no longer what would be moved. Nothing was moved; look at the change, and run the command again.',
  'document-moved-meanwhile':
    'Someone else has moved this document to "{state}" in the meantime. Nothing more was changed; look at it again.',
  'document-not-final':
    '"{title}" cannot be published: it is in the state "{state}" of the workflow "{workflow}", which is not final.',
  'document-locale-not-final':
    '"{title}" ({locale}) cannot be published: it is in the state "{state}" of the workflow "{workflow}", which is not final.',
  'document-already-final':
    'This document is in the final state "{state}" already. Publish it as usual; there is nothing to bypass.',
  'document-new-not-final':
    'A new document starts in the state "{state}" of the workflow "{workflow}" and cannot be published from there. Create it as a draft (status=draft).',
  'way-none':
    'No command leads from there to a final state; ask an administrator to correct the workflow.',
  'way-on': 'Run "{way}" to lead it on.',
  'command-leads-nowhere': 'No command leads on from there.',
  'commands-from-there': 'From there: {names}.',
  'command-unknown': 'The workflow "{workflow}" has no command "{command}".',
  'command-other-state': '"{command}" does not start from "{state}", where this document is now.',
  'command-not-your-role':
    'Your role may not run "{command}". Ask someone whose role may, or an administrator to change the workflow.',
  'comment-missing': '"{command}" needs a comment. Say why, and run it again.',
  'comment-unwanted': '"{command}" takes no comment. Leave it out.',
  'replication-cancelled': 'It was cancelled.',
  'replication-stopped': 'Strapi was stopped while it ran.',
  'replication-over': 'It was taken to be over already.',
  'replication-not-started': 'It could not be started: the server log says why.',
  'replication-process-ended': 'Its process ended before it was done: the server log says why.',
  'replication-process-gone': 'The process that ran it ended before it was done.',
  'replication-undone': 'It was given up, and nothing was changed here. The other side says why.',
  'replication-unstored': 'What was copied could not be stored. The other side says why.',
  'replication-unread': 'The other side gave it up before it had read all of it. It says why.',
  'replication-other-side-gone': 'The connection to the other side broke off before it was done.',
  'replication-token-unreadable':
    'The stored token cannot be read with the encryption key of this server. Enter the token again.',
  'replication-host-unknown':
    'The host of the destination is not known. Check its URL, and whether this server can look up names.',
  'replication-token-refused':
    'The destination refused the token. Make a transfer token there (Settings > Transfer Tokens), with "Push" or full access, and enter it here.',
  'replication-token-no-push':
    'The token of the destination may not push. Make a transfer token there with "Push" or full access, and enter it here.',
  'replication-no-transfer':
    'At this URL nobody takes a transfer. Check that it is the URL of the admin panel, mostly with /admin at its end, and that transfers are enabled there (server.transfer.remote.enabled, and a transfer token salt).',
  'replication-unreachable':
    'The destination could not be reached. Check its URL, whether it runs, and whether a firewall lies between.',
  'replication-untrusted':
    'The certificate of the destination is not trusted by this server. network.ca in config/plugins names further authorities.',
  'replication-tls-none':
    'The destination does not speak TLS at this port. Its URL may have to start with http://, or to name another port.',
  'replication-tls-failed':
    'The TLS connection to the destination failed. Its TLS version, its ciphers or its certificate do not fit this server.',
  'replication-no-backup':
    'The destination could not set its uploaded files aside, and so replaced nothing: its process may not write to its folder "public". Let it, or leave the files out of this replication.',
  'replication-busy': 'The destination is busy with another transfer. Try again when it is done.',
  'replication-broke-off':
    'The connection to the destination broke off. What was copied is not kept there, unless it says otherwise in its log.',
  'replication-other-types':
    'The content types here and at the destination are not the same: {differences}. Bring both to the same version of your project, then run it again.',
  'replication-other-version':
    'Strapi is {source} here and {destination} at the destination. Strapi copies between equal versions only.',
  'replication-strapi-says': "Strapi's transfer says: {message}",
} as const;

export type SentenceCode = keyof typeof SENTENCES;

/** `detail`: what stands in brackets after a sentence, such as the code of an error of Node. */
export type FoundSentence = {
  code: SentenceCode;
  params: Record<string, string>;
  detail: string | null;
};

const PLACEHOLDER = /\{(\w+)\}/g;

export const sentence = (
  code: SentenceCode,
  params: Record<string, string | number> = {},
): string =>
  SENTENCES[code].replace(PLACEHOLDER, (whole, name: string) => String(params[name] ?? whole));

/** The sentences that make up the text, in their order; null if a part of it is no sentence of the table. */
export function sentencesIn(text: string): FoundSentence[] | null {
  return allIn(text, PATTERNS);
}

/** The sentence that the text is as a whole; null if it is none. Cheap enough for any text, as it is not cut into parts. */
export function wholeSentence(text: string): FoundSentence | null {
  return text.length > LONGEST ? null : sentenceOf(text, PATTERNS);
}

/** The same as `sentencesIn` for a part of a sentence (`{why}`), which has lost its full stop. */
export function sentencesInside(why: string): FoundSentence[] | null {
  return allIn(`${why}.`, INNER_PATTERNS) ?? allIn(why, INNER_PATTERNS);
}

/** A sentence about the receiver, as a part of a sentence about the token endpoint. */
export function ofTokenEndpoint(text: string): string {
  return text.replace(/\bthe receiver\b/gi, 'it');
}

type Pattern = { code: SentenceCode; length: number; expression: RegExp };

const PATTERNS = patternsOf((text) => text);
const INNER_PATTERNS = patternsOf(ofTokenEndpoint);

/** The longest fixed text first, because a placeholder matches anything. */
function patternsOf(worded: (text: string) => string): Pattern[] {
  return (Object.keys(SENTENCES) as SentenceCode[])
    .map((code) => {
      const text = worded(SENTENCES[code]);
      const source = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(PLACEHOLDER, '(?<$1>[^]+?)');
      const expression = new RegExp(`^${source}(?: \\((?<_detail>[A-Z][A-Z0-9_]+)\\))?$`);
      return { code, length: text.replace(PLACEHOLDER, '').length, expression };
    })
    .sort((one, other) => other.length - one.length);
}

function sentenceOf(text: string, patterns: readonly Pattern[]): FoundSentence | null {
  for (const { code, expression } of patterns) {
    const match = expression.exec(text);
    if (!match) continue;
    const { _detail: detail = null, ...params } = match.groups ?? {};
    return { code, params, detail };
  }
  return null;
}

/** A longer reason, with a receiver's own words in it, is shown as it is. */
const LONGEST = 4000;
/** A sentence may end after its full stop, or after the bracket that follows. */
const END = /[.)](?= |$)/g;

function allIn(text: string, patterns: readonly Pattern[]): FoundSentence[] | null {
  if (text === '' || text.length > LONGEST) return null;
  const ends = [...text.matchAll(END)].map(({ index }) => index + 1);
  if (ends.at(-1) !== text.length) ends.push(text.length);
  const starts = [0, ...ends.slice(0, -1).map((end) => end + 1)];
  /** By start: the sentences from there to the end of the text. Filled from the end. */
  const found = new Map<number, FoundSentence[]>([[text.length + 1, []]]);
  for (const start of starts.reverse())
    for (const end of ends.filter((one) => one > start)) {
      const rest = found.get(end + 1);
      const first = rest && sentenceOf(text.slice(start, end), patterns);
      if (!first) continue;
      found.set(start, [first, ...rest]);
      break;
    }
  return found.get(0) ?? null;
}
