/** Steps that create, save and delete documents, through the content manager, REST and code. */
import fc from 'fast-check';
import { ARTICLE, PAGE } from '../scene';
import {
  find,
  forget,
  newPlace,
  type Actor,
  type Document,
  type Found,
  type Model,
} from './documents';
import { SingleStep, done, refused, type Outcome, type Step, type StepFactory } from './step';
import { SECOND_LOCALE, type Reply, type System, type User } from './system';
import {
  targetIn,
  contentOf,
  inLocale,
  isLocalizedType,
  manager,
  picked,
  query,
  refOf,
  restPath,
  target,
  title,
  describeRef,
  type Ref,
} from './targets';
import { user } from './running';

export const CHANNELS = ['manager', 'rest', 'code'] as const;
export type Channel = (typeof CHANNELS)[number];
const channel = () => fc.constantFrom(...CHANNELS);

export const ACTORS: Record<Channel, Actor> = {
  manager: 'admin',
  rest: 'api-token',
  code: 'system',
};

export const edited = (documents: Document[], by: Actor): Outcome => ({
  refused: null,
  settles: { how: 'edited', documents, by },
});

const MAX_DOCUMENTS = 3;

const create: Record<Channel, (system: System, uid: string, text: string) => Promise<Reply>> = {
  manager: (system, uid, text) => system.call('admin', 'POST', manager(uid), { title: text }),
  rest: (system, uid, text) =>
    system.contentApi('POST', restPath(uid, '?status=draft'), { data: { title: text } }),
  code: (system, uid, text) => system.documents(uid, 'create', { data: { title: text } }),
};

const documentIdOf = ({ value }: Reply): string => (value?.data ?? value).documentId;

const creating = (uid: string, text: string, by: Channel): Step => ({
  title: `a new ${uid} "${text}" by ${by}`,
  perform: (system) => create[by](system, uid, text),
  expect: (model, reply) => {
    const places = [newPlace(isLocalizedType(uid) ? 'en' : null, contentOf(text))];
    model.documents.push({ uid, documentId: documentIdOf(reply), places, views: [] });
    return done;
  },
});

export const aNewDocument = () =>
  fc
    .record({ uid: fc.constantFrom(PAGE, ARTICLE), by: channel(), text: title() })
    .map(
      ({ uid, by, text }) =>
        new SingleStep(`new ${uid}`, (model) =>
          model.documents.length < MAX_DOCUMENTS ? creating(uid, text, by) : null,
        ),
    );

type Edit = { title?: string; views?: number };

const save: Record<Channel, (system: System, ref: Ref, data: Edit) => Promise<Reply>> = {
  manager: (system, ref, data) =>
    system.call('admin', 'PUT', manager(ref.uid, `/${ref.documentId}${query(ref)}`), data),
  rest: (system, ref, data) =>
    system.contentApi(
      'PUT',
      restPath(ref.uid, `/${ref.documentId}${query(ref, { status: 'draft' })}`),
      { data },
    ),
  code: (system, { uid, documentId, locale }, data) =>
    system.documents(uid, 'update', { documentId, ...inLocale({ locale }), data }),
};

/** A save in a missing locale creates the locale, if the document has another one. */
const added = (model: Model, { documentId, locale }: Ref): Found | null => {
  const document = model.documents.find((one) => one.documentId === documentId);
  if (!document) return null;
  const place = newPlace(locale, contentOf(''));
  document.places.push(place);
  return { document, place };
};

const change = ({ place }: Found, data: Edit) => Object.assign(place.draft, data);

export const saving = (ref: Ref, data: Edit, by: Channel): Step => ({
  title: `${by} saves ${describeRef(ref)} with ${JSON.stringify(data)}`,
  perform: (system) => save[by](system, ref, data),
  expect: (model) => {
    const found = find(model, ref) ?? added(model, ref);
    if (!found) return by === 'code' ? done : refused(/./);
    change(found, data);
    return edited([found.document], ACTORS[by]);
  },
});

const editOf = (uid: string, text: string, views: number | null): Edit =>
  views === null || !isLocalizedType(uid) ? { title: text } : { views };

const aChange = () => ({ text: title(), views: fc.option(fc.nat(1), { freq: 3 }) });

export const anEdit = () =>
  fc.record({ at: target(), by: channel(), ...aChange() }).map(
    ({ at, by, text, views }) =>
      new SingleStep('edit', (model) => {
        const found = targetIn(model, at);
        return found && saving(refOf(found), editOf(found.document.uid, text, views), by);
      }),
  );

/** A user without permission saves a form: Strapi refuses. */
export const aForbiddenEdit = () =>
  target().map(
    (at) =>
      new SingleStep('forbidden edit', (model) => {
        const found = targetIn(model, at);
        if (!found) return null;
        const ref = refOf(found);
        const path = manager(ref.uid, `/${ref.documentId}${query(ref)}`);
        return {
          title: `the reader saves ${describeRef(ref)}`,
          perform: (system) => system.call('reader', 'PUT', path, { title: 'Read' }),
          expect: () => refused(/./),
        };
      }),
  );

/** Code changes rows past the document service: no event, but the approved content is gone. */
export const anEditOfRows = () =>
  fc.record({ at: target(), ...aChange() }).map(
    ({ at, text, views }) =>
      new SingleStep('edit of rows', (model) => {
        const found = targetIn(model, at);
        if (!found) return null;
        const ref = refOf(found);
        const data = editOf(ref.uid, text, views);
        const where = { documentId: ref.documentId, publishedAt: null, ...inLocale(ref) };
        return {
          title: `strapi.db.query writes ${JSON.stringify(data)} into ${describeRef(ref)}`,
          perform: (system) => system.query(ref.uid, 'updateMany', { where, data }),
          expect: (now) => {
            const place = find(now, ref);
            if (place) change(place, data);
            return done;
          },
        };
      }),
  );

const missingLocale = ({ uid, places }: Document): string | null =>
  isLocalizedType(uid)
    ? (['en', SECOND_LOCALE].find((code) => places.every(({ locale }) => locale !== code)) ?? null)
    : null;

const adding = (model: Model, number: number, how: { text: string; by: Channel }): Step | null => {
  const { text, by } = how;
  const found = picked(model.documents, number);
  const locale = found && missingLocale(found);
  if (!found || !locale) return null;
  const ref = { uid: found.uid, documentId: found.documentId, locale };
  return { ...saving(ref, { title: text }, by), title: `${by} adds ${describeRef(ref)} "${text}"` };
};

export const aNewLocale = () =>
  fc
    .record({ at: target(), by: channel(), text: title() })
    .map(
      ({ at, ...how }) => new SingleStep('new locale', (model) => adding(model, at.document, how)),
    );

/** The first steps of every run, so that later steps find documents. */
export const BEGINNING: StepFactory[] = [
  () => creating(PAGE, 'One', 'code'),
  () => creating(ARTICLE, 'One', 'manager'),
  (model) => adding(model, 1, { text: 'Eins', by: 'rest' }),
];

const remove: Record<Channel, (system: System, ref: Ref, by: User) => Promise<Reply>> = {
  manager: (system, ref, by) =>
    system.call(by, 'DELETE', manager(ref.uid, `/${ref.documentId}${query(ref)}`)),
  rest: (system, ref) =>
    system.contentApi('DELETE', restPath(ref.uid, `/${ref.documentId}${query(ref)}`)),
  code: (system, { uid, documentId, locale }) =>
    system.documents(uid, 'delete', { documentId, ...inLocale({ locale }) }),
};

const deleteFromModel = (model: Model, { documentId, locale }: Ref) => {
  const document = model.documents.find((one) => one.documentId === documentId);
  if (document) forget(model, document, (place) => locale === '*' || place.locale === locale);
};

export const deleting = (ref: Ref, by: Channel, who: User = 'admin'): Step => ({
  title: `${by === 'manager' ? who : by} deletes ${describeRef(ref)}`,
  perform: (system) => remove[by](system, ref, who),
  expect: (model) => {
    if (by === 'manager' && who !== 'admin') return refused(/./);
    deleteFromModel(model, ref);
    return done;
  },
});

export const aDeletion = () =>
  fc.record({ at: target(), by: channel(), who: user(), isWhole: fc.boolean() }).map(
    ({ at, by, who, isWhole }) =>
      new SingleStep('deletion', (model) => {
        const found = targetIn(model, at);
        if (!found) return null;
        const ref = refOf(found);
        const locale = isWhole && ref.locale !== null ? '*' : ref.locale;
        return deleting({ ...ref, locale }, by, who);
      }),
  );
