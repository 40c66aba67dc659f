import {
  fingerprintOf,
  modelEventsOf,
  shapeOf,
  type LoadedModel,
  type Snapshot,
} from '../../../server/capture/model-snapshot';
import type { Attribute } from '../../../server/strapi/model/content-model';
import { model } from './shapes';

const UID = 'api::post.post';
const NONE = new Set<string>();

/** Strapi keeps what the file says beside what it made of it. */
const loaded = (over: Partial<LoadedModel> = {}): LoadedModel => {
  const made = model({ ...over });
  const { kind, info, options, attributes } = made;
  return { ...made, __schema__: { kind, info, options, attributes } };
};
const snapshot = (...models: LoadedModel[]): Snapshot =>
  Object.fromEntries(models.map((one) => [one.uid, shapeOf(one, NONE)]));

const withTitle = (title: object) => loaded({ attributes: { title: title as Attribute } });
const text = { type: 'string' };

describe('shapeOf', () => {
  it('holds what the schema file says, without what Strapi adds to it', () => {
    const added = { ...loaded(), attributes: { title: text, createdAt: { type: 'datetime' } } };
    added.__schema__ = {
      kind: 'collectionType',
      info: { displayName: 'Post' },
      attributes: { title: text },
    };
    expect(shapeOf(added, NONE)).toEqual({
      modelType: 'contentType',
      modelName: 'post',
      schema: {
        uid: UID,
        kind: 'collectionType',
        info: { displayName: 'Post' },
        options: { draftAndPublish: true },
        attributes: { title: text },
      },
    });
  });

  it('leaves out what may not leave: private attributes and passwords', () => {
    const attributes = {
      title: text,
      salary: { type: 'integer', private: true },
      key: { type: 'password' },
      hidden: text,
    };
    const { schema } = shapeOf(loaded({ attributes }), new Set(['hidden']));
    expect(schema.attributes).toEqual({ title: text });
  });
});

describe('fingerprintOf', () => {
  it('is the same whatever the order in the file, and another for another model', () => {
    const one = snapshot(loaded({ attributes: { a: text, b: { type: 'integer' } } }));
    const other = snapshot(loaded({ attributes: { b: { type: 'integer' }, a: text } }));
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(snapshot(loaded())));
  });
});

describe('modelEventsOf', () => {
  it('tells what has come and what is gone, which as it last was', () => {
    expect(modelEventsOf({}, snapshot(withTitle(text)))).toMatchObject([
      { name: 'content-type.create', uid: UID, entry: { uid: UID }, previous: null, changes: [] },
    ]);
    expect(modelEventsOf(snapshot(withTitle(text)), {})).toMatchObject([
      { name: 'content-type.delete', uid: UID, entry: { attributes: { title: text } } },
    ]);
  });

  it('tells each attribute and each setting that was changed, added or removed', () => {
    const before = loaded({ attributes: { title: text, old: text } });
    const required = { type: 'string', required: true } as Attribute;
    const after = loaded({
      attributes: { title: required, rank: { type: 'integer' } },
      info: { displayName: 'Blog post' },
      options: { draftAndPublish: false },
    });
    const [event, ...others] = modelEventsOf(snapshot(before), snapshot(after));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ name: 'content-type.update', documentId: null, status: null });
    expect(event?.changes).toEqual([
      { field: 'info.displayName', from: 'Post', to: 'Blog post' },
      { field: 'options.draftAndPublish', from: true, to: false },
      { field: 'attributes.title', from: text, to: required },
      { field: 'attributes.old', from: text, to: null },
      { field: 'attributes.rank', from: null, to: { type: 'integer' } },
    ]);
  });

  it('tells a component as one, and what did not change not at all', () => {
    const seo = (attributes: Record<string, Attribute>) =>
      loaded({ uid: 'shared.seo', modelName: 'seo', modelType: 'component', attributes });
    const before = snapshot(withTitle(text), seo({ title: text }));
    const after = snapshot(withTitle(text), seo({ title: text, image: { type: 'media' } }));
    expect(modelEventsOf(before, after)).toMatchObject([
      { name: 'component.update', uid: 'shared.seo', changes: [{ field: 'attributes.image' }] },
    ]);
    expect(modelEventsOf(after, after)).toEqual([]);
  });
});
