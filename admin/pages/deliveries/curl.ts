/** Writes a recorded request as a curl command that a POSIX shell reads back unchanged. */
import type { RecordedRequest } from '../../../server/contract/delivery';

/** Headers that curl derives from the URL and the body; a copied one could contradict them. */
const DERIVED = new Set(['host', 'content-length', 'transfer-encoding', 'connection']);

/** Between single quotes a POSIX shell takes everything literally but the single quote itself. */
export const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** curl drops a header that is given as `name:`; `name;` is its way to say "sent, and empty". */
const headerOf = (name: string, value: string) => (value === '' ? `${name};` : `${name}: ${value}`);

/**
 * The request as a command for sh, bash or zsh, one option a line. Secrets were masked when the
 * attempt was stored, so they are masked in the command too.
 * `--globoff`: without it curl expands brackets and braces of the URL.
 * `--data-raw`: `--data` would read a body that starts with "@" from a file.
 */
export const curlOf = ({ method, url, headers, body }: RecordedRequest): string => {
  const sent = Object.entries(headers).filter(([name]) => !DERIVED.has(name.toLowerCase()));
  return [
    `curl --globoff --request ${method} --url ${shellQuote(url)}`,
    ...sent.map(([name, value]) => `--header ${shellQuote(headerOf(name, value))}`),
    `--data-raw ${shellQuote(body)}`,
  ].join(' \\\n  ');
};
