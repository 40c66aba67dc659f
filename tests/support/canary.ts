/** Unmistakable secrets, and a search that finds them in every common encoding. */
import { randomBytes } from 'node:crypto';

/** A secret with characters that each encoding writes differently. */
export const canary = (place: string) =>
  `Canary-${place}-/+=&<"%41~  two${randomBytes(12).toString('hex')}`;

/** A secret of letters and digits only. */
export const plainCanary = (place: string) => `Canary${place}${randomBytes(16).toString('hex')}`;

/** The Base64 characters that every text with this secret contains, one variant for each of the three byte offsets. */
const base64Parts = (text: string): string[] => {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((shift * 8) / 6), whole);
  });
};

const inXml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The text with every symbol escaped, as cautious JSON and XML encoders write it. */
const replaceSymbols = (text: string, written: (code: number) => string) =>
  text.replace(/[^A-Za-z0-9]/g, (sign) => written(sign.charCodeAt(0)));
const unicode = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;

export const asXmlReferences = (text: string) => replaceSymbols(text, (code) => `&#${code};`);
export const asUnicodeEscapes = (text: string) => replaceSymbols(text, unicode);

const formsOf = (secret: string): string[] => {
  const base64 = base64Parts(secret);
  const url = encodeURIComponent(secret);
  const hex = Buffer.from(secret).toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
    url,
    url.toLowerCase(),
    encodeURI(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    json,
    json.replaceAll('/', '\\/'),
    inXml(secret),
    asUnicodeEscapes(secret),
    asXmlReferences(secret),
    replaceSymbols(secret, (code) => `&#x${code.toString(16)};`),
  ];
};

/** Includes the forms with collapsed spaces, because some code normalizes the spaces of messages. */
export const writtenForms = (secret: string): string[] => [
  ...new Set([secret, secret.replace(/\s+/g, ' ')].flatMap(formsOf)),
];

/** The secrets that the bytes contain, by name, with the form that was found. */
export const foundIn = (bytes: Buffer | string, secrets: ReadonlyMap<string, string>): string[] => {
  const haystack = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  return [...secrets].flatMap(([name, secret]) =>
    writtenForms(secret)
      .filter((form) => haystack.includes(form))
      .map((form) => `${name} as ${form}`),
  );
};
