/** One of Strapi's own webhooks beside one of the plugin's with the format `strapi`: compares their requests for the same actions. */
import type { Received } from '../../support/receiver';
import type { Stage } from './stage';

export const ENTRY_EVENTS = [
  'entry.create',
  'entry.update',
  'entry.delete',
  'entry.publish',
  'entry.unpublish',
  'entry.draft-discard',
];
export const MEDIA_EVENTS = ['media.create', 'media.update', 'media.delete'];

type Wish = { theirs?: string[]; ours?: string[]; contentTypes?: string[] };
type Body = { event: string; createdAt: string; entry?: any; media?: any; [key: string]: unknown };
export type Sent = { headers: Received['headers']; body: Body };

let count = 0;

export class SideBySide {
  private constructor(
    private readonly stage: Stage,
    private readonly paths: { theirs: string; ours: string },
    readonly ids: { theirs: string; ours: string },
  ) {}

  static async start(stage: Stage, wish: Wish = {}): Promise<SideBySide> {
    count += 1;
    const paths = { theirs: `/theirs-${count}`, ours: `/ours-${count}` };
    const events = wish.theirs ?? [...ENTRY_EVENTS, ...MEDIA_EVENTS];
    // Not over Strapi's API, because it refuses loopback addresses in production.
    const theirs = await stage.app.run(
      async (strapi, data) => {
        const webhook = await strapi.get('webhookStore').createWebhook(data);
        strapi.get('webhookRunner').add(webhook);
        return webhook.id as string;
      },
      { name: 'theirs', url: stage.receiver.url(paths.theirs), headers: {}, events },
    );
    const { id: ours } = await stage.makeWebhook({
      path: paths.ours,
      format: 'strapi',
      events: wish.ours ?? ['entry.*', 'media.*'],
      contentTypes: wish.contentTypes ?? [],
    });
    return new SideBySide(stage, paths, { theirs, ours });
  }

  /** How many requests of each side earlier calls have returned. */
  private readonly seen = { theirs: 0, ours: 0 };

  private async sentTo(side: 'theirs' | 'ours', wanted: number): Promise<Sent[]> {
    const path = this.paths[side];
    const before = this.seen[side];
    await this.stage.receiver.waitFor(before + wanted, { path });
    const all = this.stage.calls(path);
    this.seen[side] = all.length;
    const sent = all
      .slice(before)
      .map(({ headers, body }) => ({ headers, body: JSON.parse(body) }));
    // Sorted, because neither side sends in a fixed order.
    return sent.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  }

  /** The requests that each side sent for an action. Fails unless these are the events, in any order. */
  async sentBy(
    action: () => Promise<unknown>,
    expected: { theirs: string[]; ours: string[] },
  ): Promise<{ theirs: Sent[]; ours: Sent[] }> {
    await action();
    const theirs = await this.sentTo('theirs', expected.theirs.length);
    const ours = await this.sentTo('ours', expected.ours.length);
    const events = (sent: Sent[]) => sent.map(({ body }) => body.event);
    expect({ theirs: events(theirs), ours: events(ours) }).toEqual({
      theirs: [...expected.theirs].sort(),
      ours: [...expected.ours].sort(),
    });
    return { theirs, ours };
  }

  /** Expects the same events from both sides, with equal bodies except for the time. */
  async same(action: () => Promise<unknown>, events: string[]): Promise<void> {
    const { theirs, ours } = await this.sentBy(action, { theirs: events, ours: events });
    expect(ours.map(untimed)).toEqual(theirs.map(untimed));
    expect(ours.map(({ headers }) => headers['x-strapi-event'])).toEqual([...events].sort());
  }

  async stop(): Promise<void> {
    await this.stage.app.run(async (strapi, id) => {
      strapi.get('webhookRunner').remove(await strapi.get('webhookStore').findWebhook(id));
      await strapi.get('webhookStore').deleteWebhook(id);
    }, this.ids.theirs);
  }
}

const nameOf = ({ body }: Sent) =>
  `${body.event} ${body.entry?.locale ?? ''} ${body.entry?.publishedAt ? 1 : 0}`;

const untimed = ({ body: { createdAt, ...body } }: Sent) => {
  expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return body;
};
