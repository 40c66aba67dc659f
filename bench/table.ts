/** Formats tables for a terminal or as Markdown. Pure. */

export type Table = { title: string; head: string[]; rows: string[][]; notes: string[] };

const widths = ({ head, rows }: Table) =>
  head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );

/** The first column contains names, the others figures. */
const padded = (cells: readonly string[], width: readonly number[]) =>
  cells.map((cell, column) =>
    column === 0 ? cell.padEnd(width[column] ?? 0) : cell.padStart(width[column] ?? 0),
  );

const asText = (table: Table): string => {
  const width = widths(table);
  const line = (cells: string[]) => padded(cells, width).join('   ');
  return [table.title, line(table.head), ...table.rows.map(line), ...table.notes].join('\n');
};

const asMarkdown = (table: Table): string => {
  const width = widths(table);
  const line = (cells: string[]) => `| ${padded(cells, width).join(' | ')} |`;
  const rule = width.map((size, column) =>
    column === 0 ? '-'.repeat(size) : `${'-'.repeat(size - 1)}:`,
  );
  const rows = [line(table.head), line(rule), ...table.rows.map(line)].join('\n');
  return [`## ${table.title}`, rows, ...table.notes].join('\n\n');
};

export const render = (table: Table, isMarkdown: boolean): string =>
  `${isMarkdown ? asMarkdown(table) : asText(table)}\n`;
