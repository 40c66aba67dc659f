/** Every route that could publish content, and every route that withdraws it. */
import fc from 'fast-check';
import { ARTICLE, PAGE } from '../scene';
import { ACTORS, edited, saving } from './content';
import {
  find,
  forget,
  INITIAL,
  isFinal,
  isSame,
  publish,
  stateOf,
  type Actor,
  type Found,
  type Model,
} from './documents';
import { user } from './running';
import { SingleStep, done, StepSequence, refused, type Outcome, type Step } from './step';
import type { Reply, System, User } from './system';
import {
  targetIn,
  inLocale,
  manager,
  query,
  refOf,
  restPath,
  target,
  title,
  describeRef,
  type Ref,
} from './targets';

const HELD = /cannot be published/;

const isOpen = ({ place }: Found) => isFinal(stateOf(place));

/** Whether the draft with this title may be published once it is saved. */
const isOpenWith = ({ place }: Found, text: string) => {
  const { row, approval, draft } = place;
  return (
    isFinal(row ?? INITIAL) &&
    approval !== null &&
    isSame({ ...draft, title: text }, approval.content)
  );
};

const publishedWith = (found: Found, text: string, by: Actor): Outcome => {
  found.place.draft.title = text;
  publish(found);
  return edited([found.document], by);
};

const action = (ref: Pick<Ref, 'uid' | 'documentId' | 'locale'>, name: string) =>
  manager(ref.uid, `/${ref.documentId}/actions/${name}${query(ref)}`);

/** The button saves the form and publishes the result. */
export const pressing = (ref: Ref, { by, text }: { by: User; text: string }): Step => ({
  title: `${by} presses Publish on ${describeRef(ref)} with "${text}" in the form`,
  publishes: true,
  perform: (system) => system.call(by, 'POST', action(ref, 'publish'), { title: text }),
  expect: (model) => {
    const found = find(model, ref);
    if (by === 'reader' || !found) return refused(/./);
    return isOpenWith(found, text) ? publishedWith(found, text, 'admin') : refused(HELD);
  },
});

export const publishingByCode = (ref: Ref): Step => ({
  title: `code publishes ${describeRef(ref)}`,
  publishes: true,
  perform: (system) =>
    system.documents(ref.uid, 'publish', { documentId: ref.documentId, ...inLocale(ref) }),
  expect: (model) => {
    const document = model.documents.find(({ documentId }) => documentId === ref.documentId);
    const places = (document?.places ?? []).filter(
      ({ locale }) => ref.locale === '*' || locale === ref.locale,
    );
    if (!document) return done;
    const found = places.map((place) => ({ document, place }));
    if (!found.every(isOpen)) return refused(HELD);
    found.forEach(publish);
    return done;
  },
});

/** PUT publishes by default. The document must be approved before the save, and still be approved after it. */
export const putting = (ref: Ref, text: string): Step => ({
  title: `REST puts "${text}" into ${describeRef(ref)}, published`,
  publishes: true,
  perform: (system) =>
    system.contentApi('PUT', restPath(ref.uid, `/${ref.documentId}${query(ref)}`), {
      data: { title: text },
    }),
  expect: (model) => {
    const found = find(model, ref);
    if (!found) return refused(/./);
    if (!isOpen(found) || !isOpenWith(found, text)) return refused(HELD);
    return publishedWith(found, text, 'api-token');
  },
});

const savingByCode = (ref: Ref, text: string): Step => ({
  ...putting(ref, text),
  title: `code saves "${text}" into ${describeRef(ref)}, published`,
  perform: (system) =>
    system.documents(ref.uid, 'update', {
      documentId: ref.documentId,
      ...inLocale(ref),
      status: 'published',
      data: { title: text },
    }),
  expect: (model) => {
    const found = find(model, ref);
    if (!found) return done;
    if (!isOpen(found) || !isOpenWith(found, text)) return refused(HELD);
    return publishedWith(found, text, 'system');
  },
});

const bulk = (system: System, { by, name, refs }: { by: User; name: string; refs: Ref[] }) => {
  const [first] = refs;
  const path = manager(
    first?.uid ?? PAGE,
    `/actions/${name}${query({ locale: first?.locale ?? null })}`,
  );
  return system.call(by, 'POST', path, { documentIds: refs.map(({ documentId }) => documentId) });
};

const placesOf = (model: Model, refs: readonly Ref[]) =>
  refs.flatMap((ref) => {
    const found = find(model, ref);
    return found ? [found] : [];
  });

const publishingMany = (refs: Ref[], by: User): Step => ({
  title: `${by} publishes in bulk ${refs.map(describeRef).join(', ')}`,
  perform: (system) => bulk(system, { by, name: 'bulkPublish', refs }),
  expect: (model) => {
    if (by === 'reader') return refused(/./);
    const found = placesOf(model, refs);
    if (!found.every(isOpen)) return refused(HELD);
    found.forEach(publish);
    return done;
  },
});

const unpublishingMany = (refs: Ref[], by: User): Step => ({
  title: `${by} unpublishes in bulk ${refs.map(describeRef).join(', ')}`,
  perform: (system) => bulk(system, { by, name: 'bulkUnpublish', refs }),
  expect: (model) => {
    if (by === 'reader') return refused(/./);
    for (const { place } of placesOf(model, refs)) place.published = null;
    return done;
  },
});

/** All documents of the type, as if selected in the list. */
const alike = (model: Model, ref: Ref): Ref[] =>
  model.documents
    .filter(({ uid }) => uid === ref.uid)
    .map(({ uid, documentId }) => ({ uid, documentId, locale: ref.locale }));

type Publishing = { by: User; text: string; ref: Ref; draft: string };

const PUBLISHING: ((model: Model, one: Publishing) => Step)[] = [
  (_, { ref, by, text }) => pressing(ref, { by, text }),
  (_, { ref, by, draft }) => pressing(ref, { by, text: draft }),
  (_, { ref }) => publishingByCode(ref),
  (_, { ref }) => publishingByCode({ ...ref, locale: ref.locale && '*' }),
  (_, { ref, text }) => putting(ref, text),
  (_, { ref, draft }) => putting(ref, draft),
  (_, { ref, text }) => savingByCode(ref, text),
  (_, { ref, draft }) => savingByCode(ref, draft),
  (model, { ref, by }) => publishingMany(alike(model, ref), by),
];

export const aPublication = () =>
  fc.record({ at: target(), by: user(), text: title(), route: fc.nat(PUBLISHING.length - 1) }).map(
    ({ at, by, text, route }) =>
      new SingleStep(`publication ${route}`, (model) => {
        const found = targetIn(model, at);
        if (!found) return null;
        const draft = found.place.draft.title;
        return PUBLISHING[route]?.(model, { ref: refOf(found), by, text, draft }) ?? null;
      }),
  );

/** A new document is in the initial state, which is not final, so it cannot be published. */
const CREATING: Record<string, (system: System, uid: string) => Promise<Reply>> = {
  button: (system, uid) =>
    system.call('admin', 'POST', manager(uid, '/actions/publish'), { title: 'New' }),
  rest: (system, uid) => system.contentApi('POST', restPath(uid), { data: { title: 'New' } }),
  code: (system, uid) =>
    system.documents(uid, 'create', { data: { title: 'New' }, status: 'published' }),
  entityService: (system, uid) =>
    system.entityService(uid, 'create', { data: { title: 'New' }, status: 'published' }),
  rows: (system, uid) =>
    system.query(uid, 'create', { data: { title: 'New', publishedAt: new Date() } }),
  rowsByDefault: (system, uid) => system.query(uid, 'create', { data: { title: 'New' } }),
  manyRows: (system, uid) =>
    system.query(uid, 'createMany', { data: [{ title: 'New', publishedAt: new Date() }] }),
};

export const aPublishedCreation = () =>
  fc
    .record({ uid: fc.constantFrom(PAGE, ARTICLE), by: fc.constantFrom(...Object.keys(CREATING)) })
    .map(
      ({ uid, by }) =>
        new SingleStep(`published creation by ${by}`, () => ({
          title: `${by} creates a published ${uid}`,
          perform: (system) => CREATING[by]?.(system, uid) ?? Promise.reject(new Error(by)),
          expect: () => refused(/cannot be published|may not be written/),
        })),
    );

export const aPublicationOfRows = () =>
  fc.record({ at: target(), isMany: fc.boolean() }).map(
    ({ at, isMany }) =>
      new SingleStep('publication of rows', (model) => {
        const found = targetIn(model, at);
        if (!found) return null;
        const ref = refOf(found);
        const where = { documentId: ref.documentId, ...inLocale(ref) };
        const data = { publishedAt: new Date() };
        return {
          title: `strapi.db.query publishes rows of ${describeRef(ref)}`,
          perform: (system) =>
            system.query(ref.uid, isMany ? 'updateMany' : 'update', { where, data }),
          expect: () => refused(/may not be written/),
        };
      }),
  );

const discarded = ({ document, place }: Found, by: Actor): Outcome => {
  if (place.published) place.draft = { ...place.published };
  return { refused: null, settles: { how: 'discarded', documents: [document], by } };
};

const discarding = (ref: Ref, by: User): Step => ({
  title: `${by} discards the changes of ${describeRef(ref)}`,
  perform: (system) => system.call(by, 'POST', action(ref, 'discard'), {}),
  expect: (model) => {
    const found = find(model, ref);
    if (by === 'reader' || !found?.place.published) return refused(/./);
    return discarded(found, 'admin');
  },
});

/** Strapi deletes the draft of a document that was never published. */
export const discardingByCode = (ref: Ref): Step => ({
  title: `code discards the draft of ${describeRef(ref)}`,
  perform: (system) =>
    system.documents(ref.uid, 'discardDraft', { documentId: ref.documentId, ...inLocale(ref) }),
  expect: (model) => {
    const found = find(model, ref);
    if (!found) return done;
    if (found.place.published) return discarded(found, ACTORS.code);
    forget(model, found.document, (place) => place === found.place);
    return discarded(found, ACTORS.code);
  },
});

const unpublishing = (ref: Ref, by: User, isDiscarding: boolean): Step => ({
  title: `${by} unpublishes ${describeRef(ref)}${isDiscarding ? ', and discards its changes' : ''}`,
  perform: (system) =>
    system.call(by, 'POST', action(ref, 'unpublish'), { discardDraft: isDiscarding }),
  expect: (model) => {
    const found = find(model, ref);
    if (by === 'reader' || !found?.place.published) return refused(/./);
    const outcome = isDiscarding ? discarded(found, 'admin') : done;
    found.place.published = null;
    return outcome;
  },
});

export const unpublishingByCode = (ref: Ref): Step => ({
  title: `code unpublishes ${describeRef(ref)}`,
  perform: (system) =>
    system.documents(ref.uid, 'unpublish', { documentId: ref.documentId, ...inLocale(ref) }),
  expect: (model) => {
    const found = find(model, ref);
    if (found) found.place.published = null;
    return done;
  },
});

const WITHDRAWING: ((model: Model, ref: Ref, by: User) => Step)[] = [
  (_, ref, by) => discarding(ref, by),
  (_, ref) => discardingByCode(ref),
  (_, ref, by) => unpublishing(ref, by, false),
  (_, ref, by) => unpublishing(ref, by, true),
  (_, ref) => unpublishingByCode(ref),
  (model, ref, by) => unpublishingMany(alike(model, ref), by),
];

/** Prefers published documents, because most withdrawals need one. */
const published = (model: Model, at: { document: number; place: number }): Found | null => {
  const all = model.documents.flatMap((document) =>
    document.places.filter((place) => place.published).map((place) => ({ document, place })),
  );
  return all[(at.document * 2 + at.place) % Math.max(all.length, 1)] ?? null;
};

export const aWithdrawal = () =>
  fc
    .record({
      at: target(),
      by: user(),
      route: fc.nat(WITHDRAWING.length - 1),
      isPublished: fc.boolean(),
    })
    .map(
      ({ at, by, route, isPublished }) =>
        new SingleStep(`withdrawal ${route}`, (model) => {
          const found = (isPublished ? published(model, at) : null) ?? targetIn(model, at);
          return found && (WITHDRAWING[route]?.(model, refOf(found), by) ?? null);
        }),
    );

/** Edits a published document and discards the edit. */
export const aChangeOfMind = () =>
  target().map((at) => {
    const other = (text: string) => (text === 'One' ? 'Two' : 'One');
    const edit = new SingleStep('edit of a published one', (model) => {
      const found = published(model, at);
      return found && saving(refOf(found), { title: other(found.place.draft.title) }, 'manager');
    });
    const back = new SingleStep('back', (model) => {
      const found = published(model, at);
      return found && discarding(refOf(found), 'admin');
    });
    return new StepSequence([edit, back]);
  });
