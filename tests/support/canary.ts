/** Secrets that cannot be mistaken for anything else, and the search for them in whatever way they may be written. */
import { randomBytes } from 'node:crypto';

/** Holds characters that every way of writing text down treats in its own way. */
export const canary = (place: string) =>
  `Canary-${place}-/+=&<"%41~  two${randomBytes(12).toString('hex')}`;

/** Fits where only letters and digits do. */
export const plainCanary = (place: string) => `Canary${place}${randomBytes(16).toString('hex')}`;

/** What is common to every text in Base64 that holds this one, wherever in it it stands. */
const inBase64 = (text: string): string[] => {
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

/** As encoders of JSON and XML write it that trust no sign. */
const withSigns = (text: string, written: (code: number) => string) =>
  text.replace(/[^A-Za-z0-9]/g, (sign) => written(sign.charCodeAt(0)));
const unicode = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;

export const inReferences = (text: string) => withSigns(text, (code) => `&#${code};`);
export const inEscapes = (text: string) => withSigns(text, unicode);

const formsOf = (secret: string): string[] => {
  const base64 = inBase64(secret);
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
    inEscapes(secret),
    inReferences(secret),
    withSigns(secret, (code) => `&#x${code.toString(16)};`),
  ];
};

/** Also as one who tidies the spaces of a message would write it. */
export const writtenForms = (secret: string): string[] => [
  ...new Set([secret, secret.replace(/\s+/g, ' ')].flatMap(formsOf)),
];

/** Which of these secrets, by name, are in the bytes, and in which form. */
export const foundIn = (bytes: Buffer | string, secrets: ReadonlyMap<string, string>): string[] => {
  const haystack = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  return [...secrets].flatMap(([name, secret]) =>
    writtenForms(secret)
      .filter((form) => haystack.includes(form))
      .map((form) => `${name} as ${form}`),
  );
};
