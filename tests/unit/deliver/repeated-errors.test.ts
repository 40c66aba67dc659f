import { createErrorLog, plainMessage } from '../../../server/deliver/deliver.service';

const MINUTE = 60_000;

describe('what is told of an error that sending survives', () => {
  it('is the message of the database, without the statement and its values', () => {
    const values = Array(5000).fill("'a secret - of the content'").join(', ');
    const error = new Error(`insert into \`rows\` values (${values}) - database or disk is full`);
    expect(plainMessage(error)).toBe('database or disk is full');
    expect(plainMessage(new Error('select 1 - read ECONNRESET'))).toBe('read ECONNRESET');
  });

  it('is any other message as it is, on one line and not without end', () => {
    expect(plainMessage(new Error('The event evt_1 - of 7 - is not there.'))).toBe(
      'The event evt_1 - of 7 - is not there.',
    );
    expect(plainMessage('two\nlines')).toBe('two lines');
    expect(plainMessage(new Error('x'.repeat(5000)))).toHaveLength(300);
  });

  it('is told once a minute, with how often it came meanwhile', () => {
    const lines: string[] = [];
    let now = 0;
    const tell = createErrorLog({ write: (line) => lines.push(line), now: () => now });
    for (let second = 0; second < 60; second += 1) {
      now = second * 1000;
      tell(new Error('gone'));
    }
    tell(new Error('another'));
    now = MINUTE;
    tell(new Error('gone'));
    expect(lines).toEqual(['gone', 'another', 'gone (59 times more since it was last told)']);
  });

  it('is not remembered for ever where every message differs', () => {
    const lines: string[] = [];
    const tell = createErrorLog({ write: (line) => lines.push(line), now: () => 0 });
    for (let count = 0; count < 200; count += 1) tell(new Error(`number ${count}`));
    expect(lines).toHaveLength(200);
  });
});
