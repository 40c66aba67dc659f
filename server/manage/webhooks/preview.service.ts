/** Shows what a webhook would send before it exists: a sample event, or a real document, in its format. */
import { randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { z } from 'zod';
import { EVENT_NAMES, isAboutDocument, VALIDATION, type EventName } from '../../contract/catalogue';
import type { WebhookEvent } from '../../contract/event';
import type { Preview, previewSchema, Sample, Signing } from '../../contract/webhook';
import type { WorkflowChoice } from '../../contract/workflow';
import type { Active } from '../../match/active.service';
import { boundTo, isSubscribed, type AsSentTo, type Binding } from '../../match/matching';
import type { ReadBackground } from '../../deliver/attempt.service';
import { bodyOf, requestOf } from '../../send/request';
import { sampleEvent, type SampleName } from '../../send/sample-event';
import { SIGNATURES } from '../../send/sign/sign';
import { eventId, type EventTimes } from '../../store/outbox/events.service';
import { hasKeyPair, newSecret } from '../../store/secrets/webhook-secrets';
import { WEBHOOK_UID, wishesOf, type WebhookRow } from '../../store/webhook-record';
import type { Clock } from '../../strapi/clock.service';
import { rowsOf } from '../../strapi/database.service';
import { forbidden, invalid, problem } from '../../strapi/errors';
import { END_USER } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Row } from '../../strapi/permissions/permissions.service';
import type { ReadingBy } from '../../strapi/permissions/reading.service';
import { sampleTransition } from '../../workflow/definition/flow';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  background: ReadBackground;
  asSentTo: AsSentTo;
  active: Pick<Active, 'one'>;
  clock: Clock;
  eventTime: EventTimes;
  version: string;
  workflows(): Promise<readonly WorkflowChoice[]>;
};

/** The requester's rights: a sample must show nobody more than the Content Manager does. */
export type MayRead = Pick<ReadingBy, 'mayReadSome' | 'permitted'>;

type Wanted = Sample & Binding & { contentTypes: string[]; events: string[] };

export const createWebhookPreview = (options: Options) => {
  const { strapi, schemas, asSentTo, active, clock } = options;

  /** A fresh event of the wanted kind. */
  async function eventFor(
    wanted: Wanted,
    { fallback, mayRead }: { fallback: EventName; mayRead: MayRead },
  ): Promise<WebhookEvent> {
    const name = nameOf(wanted, fallback);
    const workflow = await workflowOf(wanted);
    const contentTypes =
      wanted.contentTypes.length > 0 ? wanted.contentTypes : (workflow?.contentTypes ?? []);
    const uid = isAboutDocument(name) ? await uidOf({ ...wanted, contentTypes }) : null;
    const model = uid === null ? null : await schemas.infoOf(uid);
    const transition = sampleTransition(workflow, wanted);
    const sample = { name, model, id: eventId(), time: options.eventTime() };
    const event = sampleEvent(transition ? { ...sample, transition } : sample);
    return withDocument(event, wanted, mayRead);
  }

  async function workflowOf({ workflow }: Wanted): Promise<WorkflowChoice | undefined> {
    return workflow === null
      ? undefined
      : (await options.workflows()).find(({ id }) => id === workflow);
  }

  async function uidOf({ uid, contentTypes }: Wanted): Promise<string | null> {
    if (uid !== undefined && !schemas.watched(uid))
      throw invalid([problem(['uid'], 'content-type-unknown', { uid })]);
    return uid ?? contentTypes.find((one) => schemas.watched(one)) ?? (await anyUid());
  }

  /** For a webhook of all types: a type that editors see, and not end users, which such a webhook is not sent. */
  async function anyUid(): Promise<string | null> {
    const types = (await schemas.all()).contentTypes.filter(({ uid }) => uid !== END_USER);
    return (types.find(({ isHidden }) => !isHidden) ?? types[0])?.uid ?? null;
  }

  /** The event about the chosen document, if one was chosen. */
  async function withDocument(event: WebhookEvent, sample: Sample, mayRead: MayRead) {
    if (!sample.documentId || !event.uid) return event;
    const versions = await versionsOf(event.uid, sample, mayRead);
    // A publication is shown with the published version if there is one.
    const isPublication = sample.event === 'entry.publish' || sample.event === 'screen.publish';
    const entry =
      versions.find(({ publishedAt }) => Boolean(publishedAt) === isPublication) ?? versions[0];
    if (!entry) throw forbidden('may-not-read-sample');
    return {
      ...event,
      entry,
      documentId: sample.documentId,
      locale: (entry.locale as string | null | undefined) ?? null,
      status: entry.publishedAt ? ('published' as const) : ('draft' as const),
      previous: null,
      changes: [],
    };
  }

  /** All versions of the document as its event would carry them, as far as the requester may read them. */
  async function versionsOf(
    uid: string,
    { documentId = '', locale }: Sample,
    mayRead: MayRead,
  ): Promise<Row[]> {
    if (!mayRead.mayReadSome(uid)) throw forbidden('may-not-read-sample');
    const type = schemas.watched(uid);
    const where = { documentId, ...(locale ? { locale } : {}) };
    const rows = type ? await rowsOf(strapi, uid).findMany({ where, populate: type.populate }) : [];
    if (!type || rows.length === 0)
      throw invalid([problem(['documentId'], 'document-unknown', { documentId })]);
    const contents = rows.map((row) => ({ uid, row: type.visible(row) }));
    return (await mayRead.permitted(contents)).filter((part) => part !== null);
  }

  /** Only a stored webhook can still have this right. */
  async function isSentEndUsers(id: string | undefined): Promise<boolean> {
    if (id === undefined) return false;
    const webhooks = rowsOf<WebhookRow>(strapi, WEBHOOK_UID);
    const row = await webhooks.findOne({ where: { documentId: id } });
    return row !== null && wishesOf(row).includesEndUsers;
  }

  async function preview(
    input: z.output<typeof previewSchema>,
    { mayRead, maySign }: { mayRead: MayRead; maySign: boolean },
  ): Promise<Preview> {
    const chosen = await eventFor(input, { fallback: 'entry.publish', mayRead });
    const { id, kind, name, format, serialization, contentTypes } = input;
    const includesEndUsers = await isSentEndUsers(id);
    const event = asSentTo(chosen, { contentTypes, includesEndUsers });
    const webhook = {
      ...{ id: id ?? 'new', name: name || 'New webhook', kind, format, serialization },
      on: boundTo(input),
    };
    const now = clock.now();
    const { madeWhenSent, ...signed } = await signingFor(input, { maySign, now });
    const request = requestOf({
      eventId: event.id,
      eventName: event.name,
      serialized: bodyOf({ event, webhook, ...(await options.background(event)) }),
      target: { url: 'https://example.com/', headers: {}, authorization: null, ...signed, format },
      now,
      version: options.version,
    });
    const headers = Object.entries(request.headers).filter(
      ([header]) => !madeWhenSent.includes(header),
    );
    return {
      event: event.name,
      headers: Object.fromEntries(headers),
      madeWhenSent,
      body: request.body,
    };
  }

  /**
   * A receiver accepts a signed body, so only an administrator who may send a test sees one. Without a secret that can be
   * read, the signature's header is named without a value.
   */
  async function signingFor(
    { id, signing }: { id?: string | undefined; signing: Signing },
    { maySign, now }: { maySign: boolean; now: number },
  ): Promise<{ signing: Signing; secrets: string[]; madeWhenSent: string[] }> {
    if (signing === 'none') return { signing, secrets: [], madeWhenSent: [] };
    const secrets = maySign && id !== undefined ? await storedSecrets(id, signing, now) : [];
    if (secrets.length > 0) return { signing, secrets, madeWhenSent: [] };
    // This secret signs the other headers; the header of the signature itself is left out.
    const { text } = newSecret(signing, randomBytes);
    return { signing, secrets: [text], madeWhenSent: [SIGNATURES[signing].header] };
  }

  /** A secret serves every signature but Ed25519, so it stays when another one is chosen. */
  async function storedSecrets(id: string, signing: Signing, now: number): Promise<string[]> {
    const stored = await active.one(id);
    if (!stored || hasKeyPair(stored.target.signing) !== hasKeyPair(signing)) return [];
    return stored.signingSecrets(now);
  }

  return { eventFor, preview };
};

export type WebhookPreview = ReturnType<typeof createWebhookPreview>;

/** The event that was chosen, else the first that the webhook subscribes to. */
function nameOf({ kind, event, events }: Wanted, fallback: EventName): SampleName {
  if (kind === 'validation') return VALIDATION;
  if (kind === 'submit') return 'workflow.transition';
  if (event === undefined)
    return EVENT_NAMES.find((name) => isSubscribed(events, name)) ?? fallback;
  const name = EVENT_NAMES.find((known) => known === event);
  if (name === undefined) throw invalid([problem(['event'], 'event-unknown', { event })]);
  return name;
}
