/** Reads a page of the docs: its samples by heading, its tables and its links. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

export const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** All pages for readers, relative to the root of the repository. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'playground/README.md',
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join('docs', file.split(path.sep).join('/'))),
];

/** The anchor that GitHub generates for a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

export const anchorsOf = (file: string) =>
  [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

const sectionOf = (file: string, heading: string) => {
  const [, section] = read(file).split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (section === undefined) throw new Error(`${file} has no heading "${heading}".`);
  return section.split(/^#+ /m)[0] ?? '';
};

/** The code blocks of a language below a heading. */
export const samples = (file: string, heading: string, language: string): string[] =>
  [...sectionOf(file, heading).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code.trim());

/** The rows of the first table below a heading, without the header row; null: the first table of the page. */
export const rowsOf = (file: string, heading: string | null): string[][] =>
  (heading === null ? read(file) : sectionOf(file, heading))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );

/** The targets of a page's relative links: file and anchor. */
export const linksOf = (file: string) =>
  [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => {
      const [to = '', anchor] = target.split('#');
      return { to: to === '' ? file : path.posix.join(path.posix.dirname(file), to), anchor };
    });
