/**
 * Measures the size and the coupling of the code: `npm run house`. Reads `server/` and `admin/` and prints files, lines,
 * the longest file and function, rooms that import each other, casts, and files that branch on a database dialect.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(__dirname, '../..');

type Sized = { name: string; lines: number };
type ParsedFile = { file: string; source: ts.SourceFile };

export type CodeCounts = {
  files: number;
  lines: number;
  longestFile: Sized;
  longestFunction: Sized;
  /** "capture <-> schema": folders directly below `folder`. */
  mutualImports: string[];
  /** `as never`, `as unknown as`, `as any`. */
  casts: number;
  /** Files that branch on the database. */
  dialects: string[];
};

const DIALECT =
  /(?<!\/)\bdialect\b|\.client\.config\.client\b|'(sqlite|better-sqlite3|postgres|mysql)'/;
const CASTS = new Set([
  ts.SyntaxKind.NeverKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.AnyKeyword,
]);

const longest = (sized: readonly Sized[]): Sized =>
  sized.reduce((most, one) => (one.lines > most.lines ? one : most), { name: '', lines: 0 });

function sourceOf(file: string): ParsedFile {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return { file, source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

function read(folder: string): ParsedFile[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((name) => sourceOf(path.posix.join(folder, name.split(path.sep).join('/'))));
}

function nodesOf(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const lineOf = (source: ts.SourceFile, position: number) =>
  source.getLineAndCharacterOfPosition(position).line + 1;

function functionsOf({ file, source }: ParsedFile, nodes: readonly ts.Node[]): Sized[] {
  return nodes.filter(ts.isFunctionLike).map((node) => {
    const first = lineOf(source, node.getStart());
    return { name: `${file}:${first}`, lines: lineOf(source, node.end) - first + 1 };
  });
}

/** The room of a file: the folder below `folder`; null for files directly in `folder`. */
const roomOf = (folder: string, file: string): string | null => {
  const [room, ...rest] = path.posix.relative(folder, file).split('/');
  return room && room !== '..' && rest.length > 0 ? room : null;
};

function importsOf(folder: string, { file, source }: ParsedFile): string[] {
  const from = roomOf(folder, file);
  return source.statements
    .filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
    .map(({ moduleSpecifier }) => moduleSpecifier)
    .filter((one) => one !== undefined && ts.isStringLiteral(one) && one.text.startsWith('.'))
    .map((one) => path.posix.join(path.posix.dirname(file), (one as ts.StringLiteral).text))
    .map((target) => roomOf(folder, target))
    .filter((to) => from !== null && to !== null && to !== from)
    .map((to) => `${from} ${to}`);
}

function mutual(imports: ReadonlySet<string>): string[] {
  return [...imports]
    .map((pair) => pair.split(' ') as [string, string])
    .filter(([from, to]) => from < to && imports.has(`${to} ${from}`))
    .map(([from, to]) => `${from} <-> ${to}`)
    .sort();
}

/** @param folder such as `server`, below the root of the repository. */
export function countCode(folder: string): CodeCounts {
  const rooms = read(folder);
  const files = rooms.map(({ file, source }) => ({
    name: file,
    lines: source.text.split('\n').length - 1,
  }));
  const nodes = rooms.map(({ source }) => nodesOf(source));
  return {
    files: files.length,
    lines: files.reduce((sum, { lines }) => sum + lines, 0),
    longestFile: longest(files),
    longestFunction: longest(rooms.flatMap((room, at) => functionsOf(room, nodes[at] ?? []))),
    mutualImports: mutual(new Set(rooms.flatMap((room) => importsOf(folder, room)))),
    casts: nodes.flat().filter((node) => ts.isAsExpression(node) && CASTS.has(node.type.kind))
      .length,
    dialects: rooms
      .filter(({ source }) => DIALECT.test(source.text))
      .map(({ file }) => file)
      .sort(),
  };
}

/** The files that a file imports values from, not only types. */
function importedValues(file: string): string[] {
  const { source } = sourceOf(file);
  return source.statements
    .filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
    .filter((one) => !isTypeOnly(one))
    .map(({ moduleSpecifier }) => moduleSpecifier)
    .filter((one) => one !== undefined && ts.isStringLiteral(one) && one.text.startsWith('.'))
    .map((one) => path.posix.join(path.posix.dirname(file), (one as ts.StringLiteral).text))
    .flatMap((target) => [`${target}.ts`, `${target}/index.ts`])
    .filter((target) => existsSync(path.join(ROOT, target)));
}

function isTypeOnly(one: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(one)) return one.isTypeOnly;
  const clause = one.importClause;
  if (!clause) return false;
  const { namedBindings: names, name } = clause;
  const areTypes =
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every(({ isTypeOnly: is }) => is);
  return clause.isTypeOnly || (name === undefined && areTypes);
}

/** These files and all files that they import, directly or indirectly, for more than types; `leaveOut` stops the search. */
export function filesReached(roots: readonly string[], leaveOut: RegExp): string[] {
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file) || leaveOut.test(file)) return;
    reached.add(file);
    importedValues(file).forEach(visit);
  };
  roots.forEach(visit);
  return [...reached].sort();
}

const sized = ({ name, lines }: Sized) => `${lines} lines, ${name}`;
const listed = (all: readonly string[]) =>
  [all.length, ...all.map((one) => `    ${one}`)].join('\n');

function print(folder: string): void {
  const count = countCode(folder);
  console.log(`${folder}/`);
  console.log(`  files             ${count.files}`);
  console.log(`  lines             ${count.lines}`);
  console.log(`  longest file      ${sized(count.longestFile)}`);
  console.log(`  longest function  ${sized(count.longestFunction)}`);
  console.log(`  casts             ${count.casts}`);
  console.log(`  mutual imports    ${listed(count.mutualImports)}`);
  console.log(`  use a dialect     ${listed(count.dialects)}`);
}

if (require.main === module) ['server', 'admin'].forEach(print);
