/** The events of a change: one per document, locale and operation. */
import { planOf, eventsOf, rowEventNames, rowEventsOf } from '../../../server/capture/events';
import { change, model, published, type, version } from './shapes';

const none = { drafts: [], published: [] };
const told = (...args: Parameters<typeof eventsOf>) =>
  eventsOf(...args).map(({ name, locale, status }) => [name, locale, status]);

describe('eventsOf', () => {
  it('pairs each locale with its own version before', () => {
    const before = {
      drafts: [
        version({ title: 'a' }, { locale: 'en' }),
        version({ title: 'b' }, { locale: 'fr' }),
      ],
      published: [],
    };
    const after = {
      drafts: [
        version({ title: 'B' }, { locale: 'fr' }),
        version({ title: 'A' }, { locale: 'en' }),
      ],
      published: [],
    };
    expect(eventsOf(change({ before, after })).map(({ changes }) => changes)).toEqual([
      [{ field: 'title', from: 'b', to: 'B' }],
      [{ field: 'title', from: 'a', to: 'A' }],
    ]);
  });

  it('calls a locale that was not there before a creation, and a save of nothing nothing', () => {
    const before = { drafts: [version({ title: 'a' }, { locale: 'en' })], published: [] };
    const after = {
      drafts: [
        version({ title: 'a' }, { locale: 'en' }),
        version({ title: 'b' }, { locale: 'fr' }),
      ],
      published: [],
    };
    const events = eventsOf(change({ before, after }));
    expect(events).toMatchObject([{ name: 'entry.create', locale: 'fr', isNewLocale: true }]);
  });

  it('tells the save before the publication that the same call asked for', () => {
    const before = { drafts: [version({ title: 'a' })], published: [published({ title: '0' })] };
    const after = { drafts: [version({ title: 'b' })], published: [published({ title: 'b' })] };
    expect(eventsOf(change({ before, after })).map(({ name, changes }) => [name, changes])).toEqual(
      [
        ['entry.update', [{ field: 'title', from: 'a', to: 'b' }]],
        ['entry.publish', [{ field: 'title', from: '0', to: 'b' }]],
      ],
    );
  });

  it('lets the published version speak for a deleted document, and a draft where there is none', () => {
    const before = {
      drafts: [version({}, { locale: 'en' }), version({}, { locale: 'fr' })],
      published: [published({ title: 'public' }, { locale: 'en' })],
    };
    const events = eventsOf(change({ action: 'delete', before, after: none }));
    expect(events.map(({ locale, status }) => [locale, status])).toEqual([
      ['en', 'published'],
      ['fr', 'draft'],
    ]);
  });

  it('keeps what identifies a document, whatever of it is private', () => {
    const before = { drafts: [], published: [published({ title: 'only this may leave' })] };
    const [event] = eventsOf(change({ action: 'unpublish', before, after: none }));
    expect(event).toMatchObject({ documentId: 'doc', status: 'draft' });
    expect(event?.entry).toEqual({ title: 'only this may leave' });
  });

  it('shows nothing private of a version, and names the fields of it that changed', () => {
    const attributes = { title: { type: 'string' }, notes: { type: 'text', private: true } };
    const row = (notes: string) => version({ id: 1, title: 'a', notes });
    const before = { drafts: [row('old-secret')], published: [] };
    const after = { drafts: [row('new-secret')], published: [] };
    expect(eventsOf(change({ ...type(attributes), before, after }))).toMatchObject([
      {
        name: 'entry.update',
        entry: { title: 'a' },
        previous: { title: 'a' },
        changes: [{ field: 'notes' }],
      },
    ]);
    const everything = [
      ...eventsOf(change({ ...type(attributes), before, after })),
      ...eventsOf(change({ ...type(attributes), action: 'delete', before, after: none })),
      ...eventsOf(change({ ...type(attributes), action: 'create', after })),
    ];
    expect(JSON.stringify(everything)).not.toContain('secret');
  });

  it('tells a type without draft and publish by the status of its rows', () => {
    const after = { drafts: [published({ title: 'a' })], published: [] };
    expect(told(change({ action: 'create', after }))).toEqual([
      ['entry.create', null, 'published'],
    ]);
  });
});

describe('planOf', () => {
  it('reads nothing that no event of the action could need', () => {
    expect(planOf('create', false)).toEqual({
      drafts: { names: ['entry.create'], before: false, after: true },
      published: null,
    });
    expect(planOf('publish', false).drafts).toBeNull();
    expect(planOf('delete', false).drafts).toMatchObject({ before: true, after: false });
    expect(planOf('update', false).published).toBeNull();
    expect(planOf('update', true).published).toMatchObject({ names: ['entry.publish'] });
  });
});

describe('rowEventsOf', () => {
  const actor = { type: 'system', id: null, name: null } as const;
  const events = (write: 'create' | 'update' | 'delete', rows: [object, object]) => {
    const of = (row: object) => version({ ...row }, { id: 1 });
    const [before, after] = [[of(rows[0])], [of(rows[1])]];
    return rowEventsOf({
      ...type(model().attributes),
      group: 'media',
      write,
      actor,
      before,
      after,
    });
  };

  it('tells an update with its changes, and none where nothing changed', () => {
    expect(events('update', [{ title: 'a' }, { title: 'b' }])).toMatchObject([
      { name: 'media.update', changes: [{ field: 'title', from: 'a', to: 'b' }] },
    ]);
    expect(events('update', [{ title: 'a' }, { title: 'a' }])).toEqual([]);
  });

  it('tells a file that only changed its folder, by the names of its private fields alone', () => {
    const file = type({
      name: { type: 'string' },
      folder: { type: 'relation', private: true },
      folderPath: { type: 'string', private: true },
    });
    const row = (id: number, folderPath: string) => [
      version({ name: 'a.png', folder: { id, documentId: `f${id}` }, folderPath }, { id: 1 }),
    ];
    const [before, after] = [row(1, '/1'), row(2, '/2')];
    expect(
      rowEventsOf({ ...file, group: 'media', write: 'update', actor, before, after }),
    ).toMatchObject([
      {
        name: 'media.update',
        entry: { name: 'a.png' },
        changes: [{ field: 'folder' }, { field: 'folderPath' }],
      },
    ]);
  });

  it('tells what is gone as it last was', () => {
    expect(events('delete', [{ title: 'a' }, { title: 'x' }])).toMatchObject([
      { name: 'media.delete', entry: { title: 'a' }, changes: [], locale: null, status: null },
    ]);
  });

  it('tells a release that got its moment as published, and any other change of it as an update', () => {
    const release = type({ name: { type: 'string' }, releasedAt: { type: 'datetime' } });
    const told = (before: object, after: object) =>
      rowEventsOf({
        ...release,
        group: 'release',
        write: 'update',
        actor,
        before: [version({ ...before }, { id: 1 })],
        after: [version({ ...after }, { id: 1 })],
      }).map(({ name }) => name);
    expect(told({ releasedAt: null }, { releasedAt: 'now' })).toEqual(['release.publish']);
    expect(told({ releasedAt: 'then' }, { releasedAt: 'now' })).toEqual(['release.update']);
    expect(told({ name: 'a' }, { name: 'b' })).toEqual(['release.update']);
    expect(rowEventNames('release', 'update')).toEqual(['release.update', 'release.publish']);
    expect(rowEventNames('locale', 'update')).toEqual(['locale.update']);
  });
});
