import { EVENT_NAMES, VALIDATION } from '../../../server/contract/catalogue';
import { FORMATS, SERIALIZATIONS, WEBHOOK_KINDS } from '../../../server/contract/webhook';
import { bodyOf } from '../../../server/send/request';
import { exampleOf, sampleEvent, type SampleName } from '../../../server/send/sample-event';
import { articleModel, TIME, transition, verdict, webhook } from './events';
import { xmlProblems } from './xml-checks';

const SAMPLES: SampleName[] = [...EVENT_NAMES, VALIDATION];
const sample = (name: SampleName, model: typeof articleModel | null = null) =>
  sampleEvent({ name, model, id: 'evt_sample', time: TIME });

describe('a sample event', () => {
  it.each(SAMPLES)('of %s has every key of an event, and can be sent in every format', (name) => {
    const event = sample(name);
    expect(event).toMatchObject({ id: 'evt_sample', name, time: TIME });
    // A changed model shows at a start: nobody is known who did it.
    const isOfModel = /^(content-type|component)\./.test(name);
    expect(event.actor.type).toBe(isOfModel ? 'system' : 'admin');
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
    const bodies = WEBHOOK_KINDS.flatMap((kind) =>
      FORMATS.flatMap((format) =>
        SERIALIZATIONS.map((serialization) =>
          bodyOf({ event, webhook: { ...webhook, kind, format, serialization }, model: null }),
        ),
      ),
    );
    expect(bodies.every(({ body }) => body.length > 0)).toBe(true);
    const xml = bodies.filter(({ contentType }) => contentType.includes('xml'));
    expect(xml).toHaveLength(FORMATS.length * WEBHOOK_KINDS.length);
    expect(xmlProblems(xml.map(({ body }) => body))).toEqual([]);
  });

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

  it.each(['workflow.transition', 'workflow.refused', VALIDATION] as const)(
    'of %s is a draft that moves to another state of its workflow',
    (name) => {
      const event = sample(name, articleModel);
      expect(event).toMatchObject({ uid: articleModel.uid, status: 'draft', entry: { rank: 1 } });
      expect(event.transition).toMatchObject({
        command: { key: 'submit', name: 'Submit for review' },
        from: { key: 'draft', name: 'Draft', final: false },
        to: { key: 'in-review', name: 'In review', final: false },
        dryRun: false,
      });
      const isRefused = name === 'workflow.refused';
      expect(event.transition?.verdicts?.map(({ kind }) => kind)).toEqual(
        isRefused ? ['refused'] : undefined,
      );
    },
  );

  it('of a workflow tells the move that is asked for', () => {
    const base = { model: articleModel, id: 'evt_sample', time: TIME };
    const moved = sampleEvent({ ...base, name: 'workflow.transition', transition });
    expect(moved.transition).toEqual(transition);
    const answered = { ...transition, verdicts: [verdict] };
    const refused = sampleEvent({ ...base, name: 'workflow.refused', transition: answered });
    expect(refused.transition).toEqual(answered);
    const unsaid = sampleEvent({ ...base, name: 'workflow.refused', transition });
    expect(unsaid.transition).toMatchObject({ ...transition, verdicts: [{ kind: 'refused' }] });
  });

  it('of anything else tells no move', () => {
    expect(sample('entry.update')).not.toHaveProperty('transition');
  });

  it('of a webhook has no document', () => {
    expect(sample('webhook.test')).toMatchObject({ uid: null, documentId: null, status: null });
  });
});

describe('the example of the event catalogue', () => {
  it.each(EVENT_NAMES)('of %s is a standard body that is always the same', (name) => {
    expect(exampleOf(name)).toMatchObject({
      type: name,
      data: { actor: { type: expect.any(String) } },
    });
    expect(exampleOf(name)).toEqual(exampleOf(name));
  });
});
