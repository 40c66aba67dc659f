import { EVENT_NAMES } from '../../../server/contract/catalogue';
import { FORMATS, SERIALIZATIONS } from '../../../server/contract/webhook';
import { bodyOf } from '../../../server/request/body';
import { exampleOf, sampleEvent } from '../../../server/request/sample-event';
import { articleModel, TIME, webhook } from './events';
import { xmlProblems } from './xml-checks';

const sample = (name: (typeof EVENT_NAMES)[number], model: typeof articleModel | null = null) =>
  sampleEvent({ name, model, id: 'evt_sample', time: TIME });

describe('a sample event', () => {
  it.each(EVENT_NAMES)(
    'of %s has every key of an event, and can be sent in every format',
    (name) => {
      const event = sample(name);
      expect(event).toMatchObject({ id: 'evt_sample', name, time: TIME, actor: { type: 'admin' } });
      for (const key of [
        'uid',
        'model',
        'documentId',
        'locale',
        'status',
        'entry',
        'previous',
      ] as const) {
        expect(event[key]).toBeDefined();
      }
      const bodies = FORMATS.flatMap((format) =>
        SERIALIZATIONS.map((serialization) =>
          bodyOf({ event, webhook: { ...webhook, format, serialization }, model: null }),
        ),
      );
      expect(bodies.every(({ body }) => body.length > 0)).toBe(true);
      const xml = bodies.filter(({ contentType }) => contentType.includes('xml'));
      expect(xml).toHaveLength(FORMATS.length);
      expect(xmlProblems(xml.map(({ body }) => body))).toEqual([]);
    },
  );

  it('has a value for every attribute of the chosen content type, its main field among them', () => {
    const { entry, uid, model } = sample('entry.create', articleModel);
    expect({ uid, model }).toEqual({ uid: articleModel.uid, model: 'article' });
    expect(entry).toMatchObject({ title: 'A sample title', rank: 1, tags: [{ id: 1 }] });
  });

  it('of an edit has the old value of what changed', () => {
    for (const name of ['entry.update', 'media.update'] as const) {
      const { changes, entry, previous } = sample(name);
      const [change] = changes;
      expect(changes).toHaveLength(1);
      expect(entry?.[change!.field]).toBe(change!.to);
      expect(previous?.[change!.field]).toBe(change!.from);
      expect(change!.from).not.toBe(change!.to);
    }
  });

  it('has no previous state and no changes when something is created', () => {
    expect(sample('entry.create')).toMatchObject({ previous: null, changes: [] });
    expect(sample('media.create')).toMatchObject({ previous: null, changes: [] });
  });

  it('is published for a publication, a draft for an edit, and has no locale without one', () => {
    expect(sample('entry.publish')).toMatchObject({
      status: 'published',
      entry: { publishedAt: TIME },
    });
    expect(sample('entry.update')).toMatchObject({ status: 'draft', entry: { publishedAt: null } });
    const plain = { ...articleModel, isLocalized: false, hasDraftAndPublish: false };
    expect(sample('entry.update', plain)).toMatchObject({ locale: null, status: 'published' });
  });

  it('of a webhook has no document', () => {
    expect(sample('webhook.test')).toMatchObject({ uid: null, documentId: null, status: null });
  });
});

describe('the example of the event catalogue', () => {
  it.each(EVENT_NAMES)('of %s is a standard body that is always the same', (name) => {
    expect(exampleOf(name)).toMatchObject({ type: name, data: { actor: { id: 1 } } });
    expect(exampleOf(name)).toEqual(exampleOf(name));
  });
});
