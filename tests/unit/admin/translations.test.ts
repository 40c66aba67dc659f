/** Every string of the panel is translatable, and English is complete. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createIntl } from 'react-intl';
import de from '../../../admin/translations/de.json';
import en from '../../../admin/translations/en.json';
import { EVENT_CATALOGUE } from '../../../server/contract/catalogue';

const admin = path.resolve(__dirname, '../../../admin');
const source = readdirSync(admin, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(path.join(admin, file), 'utf8'))
  .join('\n');

const ENGLISH = en as Record<string, string>;
const GERMAN = de as Record<string, string>;

/** `'a.b'` as it stands in the code, or `\`a.${...}\`` for the keys that are put together. */
const pieces = [...source.matchAll(/`([\w.-]*\$\{[^`]*)`/g)].map(([, piece]) => piece as string);
const patterns = pieces
  .map((piece) => piece.replaceAll(/\$\{[^}]*\}/g, '\u0000'))
  .filter((piece) => /^[a-z]+\./.test(piece))
  .map((piece) => new RegExp(`^${piece.replaceAll('.', '\\.').replaceAll('\u0000', '[\\w.-]+')}$`));

const placeholders = (message: string) =>
  [...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name).sort();

describe('The translations', () => {
  test('are all used, so that nobody translates for nothing', () => {
    const unused = Object.keys(ENGLISH).filter(
      (key) => !source.includes(`'${key}'`) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });

  test('hold the sentence of every event of the catalogue, as the server says it', () => {
    for (const { name, description } of EVENT_CATALOGUE) {
      expect(ENGLISH[`event.${name}`]).toBe(description);
    }
  });

  test.each([
    ['en', ENGLISH],
    ['de', GERMAN],
  ])('of %s are well-formed messages', (locale, messages) => {
    const onError = (error: Error) => {
      throw error;
    };
    const intl = createIntl({ locale, messages, onError });
    for (const [id, message] of Object.entries(messages)) {
      const values = Object.fromEntries(placeholders(message).map((name) => [name, 2]));
      expect(intl.formatMessage({ id }, values)).not.toBe('');
    }
  });

  test('of German have no key that English lacks, and the same placeholders', () => {
    for (const [key, message] of Object.entries(GERMAN)) {
      expect({ key, names: placeholders(message) }).toEqual({
        key,
        names: placeholders(ENGLISH[key] ?? '(no such key)'),
      });
    }
  });
});
