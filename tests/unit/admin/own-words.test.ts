/** The panel says the reasons of the server in its own language; a receiver's words stay as they are. */
import { createIntl } from 'react-intl';
import { inOwnWords, keyOfSentence } from '../../../admin/services/own-words';
import de from '../../../admin/translations/de.json';
import en from '../../../admin/translations/en.json';
import { textDescriptor, type Text } from '../../../admin/translations/use-text';
import {
  ofTokenEndpoint,
  sentencesIn,
  sentence,
  SENTENCES,
  type SentenceCode,
} from '../../../server/contract/sentences';
import { settle } from '../../../server/deliver/settle';
import { failureOf } from '../../../server/send/http/outcome';
import { failureMessage } from '../../../server/replication/transfer';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';

const textIn = (locale: string, messages: Record<string, string>): Text => {
  const intl = createIntl({ locale, messages });
  return (key, values) => intl.formatMessage({ ...textDescriptor(key), id: key }, values);
};
const german = textIn('de', de);
const english = textIn('en', en);
const inGerman = (told: string) => inOwnWords(told, german);

const CODES = Object.keys(SENTENCES) as SentenceCode[];
const isVerdict = (code: SentenceCode) => keyOfSentence(code)?.startsWith('verdict.');
const PARAMS = Object.fromEntries(
  [
    ...CODES.map((code) => SENTENCES[code])
      .join(' ')
      .matchAll(/\{(\w+)\}/g),
  ].map(([, name]) => [name ?? '', `<${name}>`]),
);

describe.each(CODES)('the sentence %s', (code) => {
  const said = sentence(code, PARAMS);

  test('is found in what is stored, with its values', () => {
    expect(sentencesIn(said)?.map((one) => one.code)).toEqual([code]);
    expect(sentencesIn(`${said} (ECONNREFUSED)`)).toEqual([
      { code, params: expect.any(Object), detail: 'ECONNREFUSED' },
    ]);
  });

  test('has words in German', () => {
    const told = inGerman(said);
    expect(told).not.toBe(said);
    for (const [, value] of said.matchAll(/(<\w+>)/g)) expect(told).toContain(value);
  });

  if (!isVerdict(code)) {
    test('is the same in English as the server says it', () => {
      expect(inOwnWords(said, english)).toBe(said);
    });
  }
});

test.each([
  [
    'why a delivery is dead',
    () => {
      const { message, reason } = failureOf({ code: 'ECONNREFUSED' });
      const outcome = { kind: 'failed' as const, reason, message, ms: 1 };
      const input = { outcome, attemptCount: 9, maxAttempts: 10, schedule: [0], now: 0, random: 0 };
      const { settlement } = settle(input);
      return settlement.kind === 'dead' ? settlement.why : '';
    },
    'Der Empfänger hat die Verbindung abgelehnt: An diesem Host und Port antwortet nichts. (ECONNREFUSED) Das war Versuch 10 von 10.',
  ],
  [
    'why there was no token',
    () =>
      sentence('token-none', {
        url: 'https://id.example.com/token',
        why: ofTokenEndpoint(failureOf({ code: 'ECONNREFUSED' }).message),
      }),
    'Von https://id.example.com/token kam kein Token: Der Empfänger hat die Verbindung abgelehnt: An diesem Host und Port antwortet nichts. (ECONNREFUSED).',
  ],
  [
    'that the token endpoint answered with an error',
    () => 'No token came from https://id.example.com/token: it answered 400, invalid_client.',
    'Von https://id.example.com/token kam kein Token: Die Antwort war 400, invalid_client.',
  ],
  [
    'that an answer is unreadable',
    () => {
      const answered = { kind: 'answered', status: 200, headers: {}, body: '', ms: 1 } as const;
      const { message } = validationAnswerOf({ ...answered, isTruncated: false });
      return `Legal ${'gave an unreadable answer'}: ${message}`;
    },
    'Legal gab eine unlesbare Antwort: Die Antwort war leer. Erwartet wird { "IsValid": true } oder { "allowed": true }.',
  ],
  [
    'why a replication failed',
    () => failureMessage({ message: 'Authentication Error' }),
    'Das Ziel hat das Token abgelehnt. Erstelle dort ein Transfer-Token (Einstellungen > Transfer-Token) mit „Push“ oder vollem Zugriff und gib es hier ein.',
  ],
  [
    'why a document was not published, line by line',
    () => 'Legal gave no answer: It did not answer within 500 ms.\nShop: Not today.',
    'Legal gab keine Antwort: Der Endpunkt hat nicht innerhalb von 500 ms geantwortet.\nShop: Not today.',
  ],
])('%s is told in German', (_what, told, wanted) => {
  expect(inGerman(told())).toBe(wanted);
});

test("a receiver's own words stay as they are, however long", () => {
  for (const words of ['The article is not ready.', '', 'It answered. '.repeat(2000)])
    expect(inGerman(words)).toBe(words);
});
