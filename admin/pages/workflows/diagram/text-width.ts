/** How wide a text will be, near enough to make room for it: a pure layout cannot ask the browser. */

const NARROW = /[ iljtfrI.,:;'|!()[\]-]/;
const WIDE = /[mwMWÄÖÜ@%&]/;
/** From here on: Hangul, Han, kana and emoji, about twice as wide as a Latin letter. */
const FIRST_SQUARE = 0x1100;

const widthOf = (letter: string) => {
  if ((letter.codePointAt(0) ?? 0) >= FIRST_SQUARE) return 1;
  if (NARROW.test(letter)) return 0.34;
  return WIDE.test(letter) ? 0.86 : 0.58;
};

/** In pixels, at this font size. */
export const textWidth = (text: string, size: number): number =>
  [...text].reduce((width, letter) => width + widthOf(letter) * size, 0);

/** Cut with an ellipsis where it is wider than that. */
export const shortened = (text: string, size: number, max: number): string => {
  if (textWidth(text, size) <= max) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size) > max) letters.pop();
  return `${letters.join('').trimEnd()}…`;
};
