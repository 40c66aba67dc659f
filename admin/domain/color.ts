/** The colours of states: those to choose from, and the writing that can be read on each. */
import type { TextKey } from '../translations/use-text';

export type PaletteColor = { value: string; name: TextKey };

export const PALETTE: readonly PaletteColor[] = [
  { value: '#8e8ea9', name: 'workflows.color.grey' },
  { value: '#4945ff', name: 'workflows.color.blue' },
  { value: '#0c75af', name: 'workflows.color.ocean' },
  { value: '#0e8f8f', name: 'workflows.color.teal' },
  { value: '#328048', name: 'workflows.color.green' },
  { value: '#7ea82a', name: 'workflows.color.lime' },
  { value: '#e6b400', name: 'workflows.color.yellow' },
  { value: '#d9822f', name: 'workflows.color.orange' },
  { value: '#d02b20', name: 'workflows.color.red' },
  { value: '#c4387f', name: 'workflows.color.pink' },
  { value: '#9736e8', name: 'workflows.color.purple' },
  { value: '#32324d', name: 'workflows.color.dark' },
];

const HEX = /^#[0-9a-f]{6}$/i;
export const isColor = (text: string) => HEX.test(text);

/** The colour that fewest states have, so that a new one looks different. */
export const nextColor = (used: readonly string[]): string => {
  const uses = ({ value }: PaletteColor) =>
    used.filter((color) => color.toLowerCase() === value).length;
  return [...PALETTE].sort((one, other) => uses(one) - uses(other))[0]!.value;
};

/** Of sRGB, from 0 (black) to 1 (white): https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const LIGHT = '#ffffff';
const DARK = '#181826';

const contrast = (one: string, other: string) => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** Black or white, whichever reads better; of a half-typed colour, what reads on the grey that stands in for it. */
export const readableOn = (color: string): string => {
  const on = shownColor(color);
  return contrast(on, LIGHT) >= contrast(on, DARK) ? LIGHT : DARK;
};

/** A half-typed colour is shown as grey. */
export const shownColor = (color: string): string => (isColor(color) ? color : PALETTE[0]!.value);
