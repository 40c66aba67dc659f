import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_NAMES } from '../../../server/contract/catalogue';
import type { WebhookEvent } from '../../../server/contract/event';
import { veeTree } from '../../../server/send/formats/vee';
import {
  articleEvent,
  articleModel,
  DOCUMENT_ID,
  mediaEvent,
  TIME,
  transitionEvent,
  webhook,
  webhookEvent,
} from './events';
import { shapeProblems, typeOf } from './shape';

const reference = (file: string) =>
  JSON.parse(readFileSync(path.join(__dirname, 'reference', file), 'utf8'));
const body = (event: WebhookEvent): any => veeTree({ event, webhook, model: articleModel });

/** Only the document's fields that the example has; the other fields belong to the document itself. */
const exampleEvent = () =>
  articleEvent({
    entry: { title: 'Homepage Hero', status: 'published', slug: 'homepage-hero' },
    actor: { type: 'admin', id: 'user123', name: 'Ada' },
  });

const scheduleEvent = (name: string) =>
  articleEvent({
    name,
    entry: {
      name: 'Clearance Scheduled Content',
      locations: ['/'],
      appType: 'web',
      devices: { web: true },
      screenTypes: { desktop: true, tablet: true, phone: true },
    },
    schedule: {
      id: 's1',
      uid: 'api::article.article',
      documentId: DOCUMENT_ID,
      locale: null,
      publishAt: TIME,
      archiveAt: null,
      timezone: 'UTC',
      state: 'done',
      error: null,
    },
  });

describe('a schedule in the vee format', () => {
  it('has the keys, the nesting and the types of the example of scheduled content', () => {
    const ours = body(scheduleEvent('schedule.publish'));
    expect(shapeProblems({ reference: reference('vee-scheduled-content.json'), ours })).toEqual([]);
    expect(ours.data.data.published).toBe(true);
  });

  it.each([
    ['create', 'create'],
    ['update', 'update'],
    ['delete', 'delete'],
    ['publish', 'update'],
    ['archive', 'update'],
  ])('of %s is a banner, and the operation %s', (name, operation) => {
    expect(body(scheduleEvent(`schedule.${name}`))).toMatchObject({
      operation,
      entityType: 'banner',
      data: { bannerId: 's1', operation },
    });
  });
});

describe('a screen in the vee format', () => {
  const screenEvent = (name: string, entry: object = {}) =>
    articleEvent({
      name,
      entry: {
        versionCount: 1,
        platforms: ['ios'],
        createdAt: TIME,
        updatedAt: TIME,
        name: 'Home Screen',
        data: { components: {} },
        ...entry,
      },
    });

  it('has the keys, the nesting and the types of the example of screens', () => {
    const ours = body(screenEvent('screen.create'));
    expect(shapeProblems({ reference: reference('vee-screen.json'), ours })).toEqual([]);
    expect(ours).toMatchObject({ operation: 'create', entityType: 'screen' });
  });

  it('says of the event, not of a field of that name, whether it is deleted and in production', () => {
    const own = { deleted: null, inProduction: 'soon' };
    const { data } = body(screenEvent('screen.publish', own)).data;
    expect(data).toMatchObject({ deleted: false, inProduction: true });
    expect(body(screenEvent('screen.delete', own)).data.data.deleted).toBe(true);
  });
});

describe('the vee format', () => {
  it('has the keys, the nesting and the types of the example of content, and ours after them', () => {
    const ours = body(exampleEvent());
    expect(shapeProblems({ reference: reference('vee-content.json'), ours })).toEqual([]);
    expect(Object.keys(ours)).toEqual([
      'operation',
      'entityType',
      'timestamp',
      'data',
      'id',
      'type',
    ]);
  });

  it('tells which document, what it holds, who did it and when', () => {
    const event = articleEvent();
    expect(body(event)).toMatchObject({
      operation: 'update',
      entityType: 'content',
      timestamp: TIME,
      data: {
        contentId: DOCUMENT_ID,
        operation: 'update',
        data: { ...event.entry, status: 'draft', slug: '' },
        user: '1',
        timestamp: Date.parse(TIME),
      },
    });
  });

  it('has an id, by which its receivers can know duplicates', () => {
    expect(body(articleEvent()).id).toBe('evt_1');
  });

  it.each([
    ['entry.create', 'create', 'draft'],
    ['entry.update', 'update', 'draft'],
    ['entry.draft-discard', 'update', 'draft'],
    ['entry.delete', 'delete', 'draft'],
    ['entry.publish', 'update', 'published'],
    ['entry.unpublish', 'update', 'unpublished'],
  ])('tells %s as %s of content with the status %s', (name, operation, status) => {
    const { data, ...head } = body(articleEvent({ name }));
    expect(head).toMatchObject({ operation, entityType: 'content' });
    expect([data.operation, data.data.status]).toEqual([operation, status]);
  });

  it("lets a document's own status stand, where none was published or taken down", () => {
    const entry = { title: 'Sale', status: 'sold out' };
    expect(body(articleEvent({ entry })).data.data.status).toBe('sold out');
    expect(body(articleEvent({ entry, name: 'entry.publish' })).data.data.status).toBe('published');
  });

  it('tells of a file as of content', () => {
    const event = mediaEvent();
    const ours = body(event);
    expect(ours).toMatchObject({ entityType: 'content', data: { data: event.entry } });
    expect(typeof ours.data.contentId).toBe('string');
  });

  it('keeps our words where it has none', () => {
    expect(body(transitionEvent())).toMatchObject({
      operation: 'transition',
      entityType: 'workflow',
      data: { contentId: DOCUMENT_ID, workflow: transitionEvent().transition?.workflow },
    });
    expect(body(webhookEvent())).toMatchObject({ entityType: 'webhook' });
  });

  it('names whoever has no id by what they are', () => {
    const actor = { type: 'system', id: null, name: null } as const;
    expect(body(articleEvent({ actor })).data.user).toBe('system');
  });

  it.each(EVENT_NAMES)('says operation and entity of %s', (name) => {
    const { operation, entityType } = body(articleEvent({ name }));
    expect([operation, entityType].join(' ')).toMatch(/^[a-z-]+ [a-z-]+$/);
  });
});

describe('a receiver of the vee format finds every key of the examples, with its type,', () => {
  const EXAMPLES: [string, string][] = [
    ['vee-content.json', 'entry.update'],
    ['vee-content.json', 'entry.delete'],
    ['vee-content.json', 'media.create'],
    ['vee-scheduled-content.json', 'schedule.create'],
    ['vee-scheduled-content.json', 'schedule.delete'],
    ['vee-screen.json', 'screen.create'],
    ['vee-screen.json', 'screen.delete'],
  ];
  const NAMES = ['title', 'status', 'slug', 'name', 'published', 'locations', 'appType', 'devices'];
  const MORE = ['screenTypes', 'versionCount', 'platforms', 'createdAt', 'updatedAt', 'data'];
  const all = (value: unknown) =>
    Object.fromEntries([...NAMES, ...MORE].map((name) => [name, value]));
  const ENTRIES: [string, Record<string, unknown> | null][] = [
    ['has no such field', { id: 1, documentId: DOCUMENT_ID, headline: 'Sale' }],
    ['has nothing in them', all(null)],
    ['has texts in them', all('web')],
    ['has numbers in them', all(3)],
    ['has lists in them', all(['web', { id: 1 }])],
    ['has objects in them', all({ id: 1, web: true })],
    ['is gone', null],
  ];

  /** First the keys of the example, in their order; `data.data` is the document. */
  const problemsOf = (file: string, ours: any) => {
    const theirs = reference(file);
    const pairs = [
      ['', theirs, ours],
      ['.data', theirs.data, ours.data],
      ['.data.data', theirs.data.data, ours.data.data],
    ] as const;
    return pairs.flatMap(([path, expected, given]) => {
      const keys = Object.keys(expected);
      const first = Object.keys(given).slice(0, keys.length);
      const order = first.join() === keys.join() ? [] : [`${path}: ${first.join()}`];
      const types = keys
        .filter((key) => typeOf(expected[key]) !== typeOf(given[key]))
        .map((key) => `${path}.${key}: ${typeOf(given[key])}`);
      return [...order, ...types];
    });
  };

  it.each(
    EXAMPLES.flatMap(([file, name]) =>
      ENTRIES.map(([what, entry]) => ({ file, name, what, entry })),
    ),
  )('of $name where the document $what', ({ file, name, entry }) => {
    const event = name.startsWith('schedule.') ? scheduleEvent(name) : articleEvent({ name });
    const status = name.startsWith('media.') ? null : event.status;
    expect(problemsOf(file, body({ ...event, status, entry }))).toEqual([]);
  });

  it('and the values of the examples where the document has none', () => {
    const bare = { id: 1, documentId: DOCUMENT_ID, title: 'Sale' };
    expect(body({ ...scheduleEvent('schedule.create'), entry: bare }).data.data).toEqual({
      name: 'Sale',
      published: false,
      locations: [],
      appType: 'web',
      devices: {},
      screenTypes: {},
      ...bare,
    });
    const screen = body(articleEvent({ name: 'screen.create', entry: bare })).data.data;
    expect(screen).toMatchObject({ versionCount: 1, platforms: [], data: { components: {} } });
    expect([screen.createdAt, screen.updatedAt]).toEqual([Date.parse(TIME), Date.parse(TIME)]);
    const content = body(articleEvent({ entry: { headline: 'x' } })).data.data;
    expect(content).toEqual({ title: DOCUMENT_ID, status: 'draft', slug: '', headline: 'x' });
  });

  it("and a document's own values where it has them, in the type of the example", () => {
    const own = {
      locations: '/sale',
      appType: 'ios',
      devices: ['web', 'tv'],
      screenTypes: 'phone',
    };
    expect(body({ ...scheduleEvent('schedule.create'), entry: own }).data.data).toMatchObject({
      locations: ['/sale'],
      appType: 'ios',
      devices: { web: true, tv: true },
      screenTypes: { phone: true },
    });
    const screen = { versionCount: '3', platforms: 'ios', data: { Test: { value: 1 } } };
    expect(body(articleEvent({ name: 'screen.create', entry: screen })).data.data).toMatchObject({
      versionCount: 3,
      platforms: ['ios'],
      data: { components: {}, Test: { value: 1 } },
    });
  });

  it('the slug in the field that the content type has for it', () => {
    const path = { name: 'path', type: 'uid', isLocalized: true, isRepeatable: false };
    const model = { ...articleModel, attributes: [...articleModel.attributes, path] };
    const event = articleEvent({ entry: { title: 'New', path: 'new' } });
    expect((veeTree({ event, webhook, model }) as any).data.data.slug).toBe('new');
  });
});

describe('the user of the vee format', () => {
  const userOf = (actor: WebhookEvent['actor']) => body(articleEvent({ actor })).data.user;

  it('is a text that tells an administrator, an API token, an end user and the system apart', () => {
    const users = (['admin', 'api-token', 'user'] as const).map((type) =>
      userOf({ type, id: 1, name: 'Ada' }),
    );
    expect(users).toEqual(['1', 'api-token-1', 'user-1']);
    expect(userOf({ type: 'user', id: null, name: null })).toBe('user');
    expect(userOf({ type: 'system', id: null, name: 'Ada' })).toBe('system');
  });
});
