import { Webhook } from 'standardwebhooks';
import { requestOf, type RequestInput, type Target } from '../../../server/send/request';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const target: Target = {
  url: 'https://example.com/hook?a=1',
  headers: {},
  authorization: null,
  signing: 'none',
  secrets: [],
  format: 'standard',
};
const input = (changed: Partial<Target> = {}, now = 1_800_000_000_999): RequestInput => ({
  eventId: 'evt_1',
  eventName: 'entry.update',
  serialized: { contentType: 'application/json', body: '{"a":1}' },
  target: { ...target, ...changed },
  now,
  version: '1.2.3',
});

describe('the request of an attempt', () => {
  it('is a POST of the stored body with the headers of the contract', () => {
    expect(requestOf(input())).toEqual({
      method: 'POST',
      url: 'https://example.com/hook?a=1',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'strapi-plugin-workflow-webhooks/1.2.3',
        'webhook-id': 'evt_1',
        'webhook-timestamp': '1800000000',
      },
      body: '{"a":1}',
    });
  });

  it('is signed with the time of the attempt where signing is on', () => {
    const now = Date.now();
    const request = requestOf(input({ signing: 'standard', secrets: [SECRET] }, now));
    expect(new Webhook(SECRET).verify(request.body, request.headers)).toEqual({ a: 1 });
    expect(request.headers['webhook-timestamp']).toBe(String(Math.floor(now / 1000)));
  });

  it('carries the same id and body on a later attempt, and another time and signature', () => {
    const signing = { signing: 'standard', secrets: [SECRET] } as const;
    const first = requestOf(input({ ...signing, secrets: [SECRET] }, 1_800_000_000_000));
    const later = requestOf(input({ ...signing, secrets: [SECRET] }, 1_800_000_005_000));
    expect(later.body).toBe(first.body);
    expect(later.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(later.headers['webhook-timestamp']).toBe('1800000005');
    expect(later.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
  });

  it('is not signed where signing is off, even if a secret is stored', () => {
    expect(requestOf(input({ secrets: [SECRET] })).headers).not.toHaveProperty('webhook-signature');
  });

  it('is refused where signing is on and no secret is stored', () => {
    expect(() => requestOf(input({ signing: 'standard' }))).toThrow('Rotate its secret');
  });

  it('names the event in X-Strapi-Event for the strapi format only', () => {
    expect(requestOf(input({ format: 'strapi' })).headers['X-Strapi-Event']).toBe('entry.update');
    expect(requestOf(input({ format: 'sitecore' })).headers).not.toHaveProperty('X-Strapi-Event');
  });

  it("has GitHub's headers of event and delivery where it is signed as GitHub signs, and nowhere else", () => {
    const github = { signing: 'github', secrets: [SECRET] } as const;
    const { headers } = requestOf(
      input({ ...github, secrets: [SECRET], headers: { 'x-github-event': 'forged' } }),
    );
    expect(headers).toMatchObject({
      'X-GitHub-Event': 'entry.update',
      'X-GitHub-Delivery': 'evt_1',
    });
    const other = requestOf(input({ signing: 'stripe', secrets: [SECRET] }));
    expect(Object.keys(headers)).not.toContain('x-github-event');
    expect(Object.keys(other.headers).join()).not.toMatch(/github/i);
  });

  it("carries the webhook's own headers, which never replace ours", () => {
    const { headers } = requestOf(
      input({ headers: { 'X-Team': 'web', 'Webhook-Id': 'forged', 'CONTENT-TYPE': 'text/plain' } }),
    );
    expect(headers).toMatchObject({
      'X-Team': 'web',
      'webhook-id': 'evt_1',
      'content-type': 'application/json',
    });
    expect(Object.keys(headers)).toHaveLength(5);
  });
});
