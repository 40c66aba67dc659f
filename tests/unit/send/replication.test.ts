/** A replication in the formats of the two systems whose receivers are to need no change. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EventName } from '../../../server/contract/catalogue';
import { sitecoreTree } from '../../../server/send/formats/sitecore/sitecore';
import { veeTree } from '../../../server/send/formats/vee';
import { sampleEvent } from '../../../server/send/sample-event';
import { TIME, webhook } from './events';
import { shapeProblems } from './shape';

const reference = (file: string) =>
  JSON.parse(readFileSync(path.join(__dirname, 'reference', file), 'utf8'));
const input = (name: EventName) => ({
  event: sampleEvent({ name, model: null, id: 'evt_1', time: TIME }),
  webhook,
  model: null,
});
const vee = (name: EventName): any => veeTree(input(name));
const sitecore = (name: EventName): any => sitecoreTree(input(name));

describe('a replication', () => {
  it.each(['started', 'completed'] as const)('as vee: %s, key by key as the example', (verb) => {
    const theirs = reference(`vee-replication-${verb}.json`);
    const ours = vee(`replication.${verb}`);
    expect(shapeProblems({ reference: theirs, ours })).toEqual([]);
    const { operation, entityType, data } = theirs;
    expect(ours).toMatchObject({ operation, entityType, data: { status: data.status } });
  });

  it('as vee: has documents of the project only among its content, and counts no others there', () => {
    const { event, ...rest } = input('replication.completed');
    const replicatedIds = {
      'plugin::upload.file': ['file1', 'file2'],
      'api::article.article': ['a1'],
      'plugin::users-permissions.user': ['u1'],
      'api::page.page': ['p1', 'p2'],
      'admin::user': ['adm1'],
    };
    const counts = Object.fromEntries(
      Object.entries(replicatedIds).map(([uid, ids]) => [uid, ids.length]),
    );
    const replication = { ...event.replication!, replicatedIds, counts, replicatedCount: 7 };
    const { data }: any = veeTree({ event: { ...event, replication }, ...rest });
    expect(data).toMatchObject({
      replicatedCount: 7,
      replicatedBannerIds: [],
      replicatedBannerCount: 0,
      replicatedContentIds: ['a1', 'p1', 'p2'],
      replicatedContentCount: 3,
    });
    expect(data.replicatedIds).toHaveLength(7);
  });

  it('as vee: tells when it ended, as a number, also where nobody wrote it down', () => {
    const { event, ...rest } = input('replication.failed');
    const replication = { ...event.replication!, completedAt: null };
    const { data }: any = veeTree({ event: { ...event, replication }, ...rest });
    expect(data.completedAt).toBe(Date.parse(TIME));
  });

  it('as vee: a failed one says why', () => {
    const { error } = input('replication.failed').event.replication!;
    expect(vee('replication.failed')).toMatchObject({
      operation: 'failed',
      entityType: 'replication',
      data: { status: 'Failed', error, replicatedCount: 0, replicatedIds: [] },
    });
  });

  it.each([
    ['replication.started', 'publish:begin'],
    ['replication.completed', 'publish:end'],
    ['replication.failed', 'publish:fail'],
  ] as const)('as Sitecore: %s is %s of everything', (name, EventName) => {
    const { source, destination } = input(name).event.replication!;
    const ours = sitecore(name);
    expect(ours).toMatchObject({
      EventName,
      PublisherOptions: {
        Mode: 'Full',
        RootItemId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        SourceDatabaseName: source,
        TargetDatabaseName: destination,
      },
    });
    expect(ours).not.toHaveProperty('Item');
  });
});
