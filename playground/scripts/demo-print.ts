/** What the demo writes. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { Receiver } from '../../tests/support/receiver';

export const say = (line: string) => process.stdout.write(`${line}\n`);

const indented = (text: string) => text.trim().replace(/^/gm, '  ');

const prettyXml = (xml: string) =>
  new XMLBuilder({ format: true, suppressEmptyNode: true, ignoreAttributes: false }).build(
    new XMLParser({ parseTagValue: false, ignoreAttributes: false }).parse(xml),
  );

/** One JSON and one XML request in full, so that nobody has to imagine them. */
export function printSamples(receiver: Receiver) {
  const isXml = (headers: Record<string, unknown>) => /xml/.test(String(headers['content-type']));
  for (const wantsXml of [false, true]) {
    const request = receiver.requests.find(({ headers }) => isXml(headers) === wantsXml);
    if (!request) continue;
    const body = String(request.body);
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type']
      .filter((name) => request.headers[name])
      .map((name) => `${name}: ${request.headers[name]}`);
    say(`\nThe first request in ${wantsXml ? 'XML' : 'JSON'}, in full (indented here):`);
    say(indented([`POST ${request.path}`, ...signed].join('\n')));
    say(indented(wantsXml ? prettyXml(body) : JSON.stringify(JSON.parse(body), null, 2)));
  }
}
