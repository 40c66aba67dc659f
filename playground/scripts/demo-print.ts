/** Prints the demo's output. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { Receiver } from '../../tests/support/receiver';

export const print = (line: string) => process.stdout.write(`${line}\n`);

/** A message that the editor sees. */
export const quoted = (text: string) => text.replace(/^/gm, '   > ');

const indented = (text: string) => text.trim().replace(/^/gm, '  ');

const prettyXml = (xml: string) =>
  new XMLBuilder({ format: true, suppressEmptyNode: true, ignoreAttributes: false }).build(
    new XMLParser({ parseTagValue: false, ignoreAttributes: false }).parse(xml),
  );

const LINES = 40;

const start = (text: string) => {
  const lines = text.trim().split('\n');
  const rest = lines.length - LINES;
  return rest > 0 ? [...lines.slice(0, LINES), `... and ${rest} lines more`].join('\n') : text;
};

/** Prints the shortest JSON and the shortest XML request as samples. */
export function printSamples(receiver: Receiver) {
  const shortestFirst = [...receiver.requests].sort((a, b) => a.body.length - b.body.length);
  for (const kind of ['json', 'xml']) {
    const request = shortestFirst.find(({ headers }) => headers['content-type']?.includes(kind));
    if (!request) continue;
    const head = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type']
      .filter((name) => request.headers[name])
      .map((name) => `${name}: ${request.headers[name]}`);
    const body =
      kind === 'xml' ? prettyXml(request.body) : JSON.stringify(JSON.parse(request.body), null, 2);
    print(`\nThe shortest ${kind.toUpperCase()} request (indented here):`);
    print(indented([`POST ${request.path}`, ...head, start(body)].join('\n')));
  }
}
