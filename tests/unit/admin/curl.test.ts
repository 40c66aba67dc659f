/** The copied curl command, read back by a real shell in which `curl` prints its arguments. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { curlOf, shellQuote } from '../../../admin/pages/deliveries/curl';
import type { RecordedRequest } from '../../../server/contract/delivery';

const argumentsIn = (command: string): string[] => {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
};

const request = (parts: Partial<RecordedRequest> = {}): RecordedRequest => ({
  method: 'POST',
  url: 'https://example.com/hook',
  headers: { 'content-type': 'application/json' },
  body: '{"type":"entry.publish"}',
  ...parts,
});

const after = (option: string, words: string[]) =>
  words.flatMap((word, at) => (words[at - 1] === option ? [word] : []));

describe('copy as curl', () => {
  it('hands curl the method, the URL, every header and the body', () => {
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' };
    expect(argumentsIn(curlOf(request({ headers })))).toEqual([
      '--globoff',
      '--request',
      'POST',
      '--url',
      'https://example.com/hook',
      '--header',
      'content-type: application/json',
      '--header',
      'webhook-id: evt_1',
      '--data-raw',
      '{"type":"entry.publish"}',
    ]);
  });

  it.each([
    ["it's", 'a single quote'],
    ["'; touch /tmp/owned; '", 'an attempt to end the quotes'],
    ['$(touch /tmp/owned) `id` $HOME ${PATH} !!', 'what a shell would expand'],
    ['back\\slash at the end\\', 'backslashes'],
    ['"double" quotes', 'double quotes'],
    ['two\nlines\r\n\n', 'line breaks, also at the end'],
    ['@/etc/passwd', 'a body that curl could take for a file'],
    ['Zürich 🙂 \u2028 日本', 'characters outside ASCII'],
    ['', 'nothing'],
  ])('keeps %j as it is: %s', (body) => {
    expect(after('--data-raw', argumentsIn(curlOf(request({ body }))))).toEqual([body]);
  });

  it('keeps any body and any header value as they are', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
    const value = fc.stringMatching(/^[\x20-\x7e]{1,40}$/);
    fc.assert(
      fc.property(text, value, (body, header) => {
        const words = argumentsIn(curlOf(request({ body, headers: { 'x-team': header } })));
        expect(after('--data-raw', words)).toEqual([body]);
        expect(after('--header', words)).toEqual([`x-team: ${header}`]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a quote in the URL inside the URL', () => {
    const url = "https://example.com/it's?q=[1-3]&r={a,b}";
    expect(after('--url', argumentsIn(curlOf(request({ url }))))).toEqual([url]);
  });

  it('sends an empty header as empty, where curl would otherwise drop it', () => {
    const words = argumentsIn(curlOf(request({ headers: { 'x-empty': '' } })));
    expect(after('--header', words)).toEqual(['x-empty;']);
  });

  it('leaves out the headers that curl sets from the URL and the body', () => {
    const headers = { Host: 'example.com', 'content-length': '24', 'x-team': 'web' };
    const words = argumentsIn(curlOf(request({ headers })));
    expect(after('--header', words)).toEqual(['x-team: web']);
  });

  it('leaves a masked secret masked', () => {
    const words = argumentsIn(curlOf(request({ headers: { authorization: '********' } })));
    expect(after('--header', words)).toEqual(['authorization: ********']);
  });

  it('quotes for a shell in one word, whatever the text', () => {
    expect(argumentsIn(`curl ${shellQuote("a 'b' c")}`)).toEqual(["a 'b' c"]);
  });
});
