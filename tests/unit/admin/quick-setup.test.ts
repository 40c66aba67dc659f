/** Which webhooks the quick setup takes for its own, so that a second visit changes them and makes no others. */
import {
  CATEGORIES,
  draftFor,
  EVENTS,
  SAMPLES,
  webhooksOf,
} from '../../../admin/pages/webhooks/quick-setup/categories';
import { inputOf, problemsIn } from '../../../admin/pages/webhooks/draft';
import { EVENT_NAMES } from '../../../server/contract/catalogue';
import { webhookInputSchema, type Webhook } from '../../../server/contract/webhook';

let made = 0;

const webhook = (events: string[], more: Partial<Webhook> = {}): Webhook =>
  ({
    id: `w${++made}`,
    createdAt: new Date(made * 1000).toISOString(),
    kind: 'event',
    format: 'vee',
    serialization: 'json',
    events,
    ...more,
  }) as Webhook;

const ids = (webhooks: Webhook[]) => webhooks.map(({ id }) => id);

describe('The quick setup', () => {
  it.each(CATEGORIES)(
    'makes of %s a webhook that can be saved as soon as it has an address',
    (one) => {
      const draft = { ...draftFor(one, 'Mine'), url: 'https://example.com/hook' };
      expect(problemsIn(draft)).toEqual({});
      expect(webhookInputSchema.parse(inputOf(draft))).toMatchObject({
        kind: 'event',
        format: 'vee',
        events: EVENTS[one],
      });
      expect(Object.keys(problemsIn(draftFor(one, 'Mine')))).toEqual(['url']);
    },
  );

  it.each(CATEGORIES)('tests %s with an event that it is told of', (one) => {
    expect(EVENT_NAMES).toContain(SAMPLES[one]);
    const prefix = SAMPLES[one].split('.')[0];
    expect(EVENTS[one]).toContain(`${prefix}.*`);
  });

  it('knows what it made, whatever was renamed or narrowed since', () => {
    const mine = webhook(['entry.*', 'media.*'], { name: 'Renamed', contentTypes: ['api::a.a'] });
    expect(ids(webhooksOf('content', [mine]))).toEqual([mine.id]);
    const narrowed = webhook(['entry.publish']);
    expect(ids(webhooksOf('content', [narrowed]))).toEqual([narrowed.id]);
  });

  it('takes no webhook that is told of something else too, or tells it otherwise', () => {
    const others = [
      webhook(['entry.*', 'screen.*']),
      webhook(['*']),
      webhook([]),
      webhook(['entry.*', 'media.*'], { format: 'standard' }),
      webhook(['entry.*', 'media.*'], { serialization: 'xml' }),
      webhook(['entry.*', 'media.*'], { kind: 'submit' }),
    ];
    for (const category of CATEGORIES) expect(webhooksOf(category, others)).toEqual([]);
  });

  it('shows of several the oldest of those that are told everything', () => {
    const part = webhook(['schedule.publish']);
    const old = webhook(['schedule.*']);
    const young = webhook(['schedule.*']);
    expect(ids(webhooksOf('schedule', [young, part, old]))).toEqual([old.id, young.id, part.id]);
  });
});
