/** A recorded body is laid out for reading, and still is the same body. */
import fc from 'fast-check';
import { prettyBody } from '../../../admin/domain/pretty-body';

const withoutSpace = (text: string) => text.replaceAll(/\s/g, '');

describe('a body laid out for reading', () => {
  it('has one member a line, indented by depth', () => {
    expect(prettyBody('{"a":{"b":[1,{"c":null}]},"d":"x"}')).toBe(
      JSON.stringify({ a: { b: [1, { c: null }] }, d: 'x' }, null, 2),
    );
  });

  it('nested 10,000 deep is laid out without a line that is wider than the page', () => {
    const text = '['.repeat(10_000) + ']'.repeat(10_000);
    const lines = prettyBody(text).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(300);
    expect(withoutSpace(lines.join(''))).toBe(text);
  });

  it('is laid out as JSON.stringify does, for every value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.object(), fc.array(fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        // Read back first: JSON has no undefined, and objects put integer keys in front.
        expect(prettyBody(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
  });

  it('keeps numbers that a browser would round, and the order of keys', () => {
    const body = '{"b":12345678901234567890,"1":1.10}';
    expect(withoutSpace(prettyBody(body))).toBe(body);
    expect(prettyBody(body)).toContain('\n');
  });

  it('keeps brackets, commas and quotes inside strings', () => {
    const body = '{"a":"x,{\\"y\\":[1]}: z"}';
    expect(prettyBody(body)).toBe('{\n  "a": "x,{\\"y\\":[1]}: z"\n}');
  });

  it('puts elements on lines of their own, and text beside its tags', () => {
    const body =
      '<?xml version="1.0"?><event><type>a &lt; b</type><list/><data><id>1</id></data></event>';
    expect(prettyBody(body)).toBe(
      [
        '<?xml version="1.0"?>',
        '<event>',
        '  <type>a &lt; b</type>',
        '  <list/>',
        '  <data>',
        '    <id>1</id>',
        '  </data>',
        '</event>',
      ].join('\n'),
    );
  });

  it('keeps an empty element on one line', () => {
    expect(prettyBody('<event><a></a></event>')).toBe('<event>\n  <a></a>\n</event>');
  });

  it.each([
    ['', 'nothing'],
    ['OK', 'plain text'],
    ['{"cut":', 'JSON that was cut'],
    ['<event><cut>', 'XML that was cut'],
    ['<!doctype html><p>Bad gateway<br></body>', 'a web page'],
    ['"text"', 'a JSON text alone'],
  ])('leaves %j alone: %s', (body) => {
    expect(prettyBody(body)).toBe(body);
  });
});
