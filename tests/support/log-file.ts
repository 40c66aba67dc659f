/** Captures log lines with their metadata, which Strapi's own transport does not print. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from './strapi';

export type LogLine = { level: string; message: string; line?: string } & Record<string, unknown>;

export type LogFile = { text(): string; lines(): LogLine[]; remove(): void };

/** Writes every log line from now on as JSON to a temporary file. */
export const captureLog = async (app: App): Promise<LogFile> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'webhooks-log-'));
  const file = path.join(folder, 'log.jsonl');
  await app.run((strapi, filename) => {
    const { transports, format } = require('winston');
    strapi.log.add(new transports.File({ filename, format: format.json() }));
  }, file);
  const text = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return {
    text,
    lines: () =>
      text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
