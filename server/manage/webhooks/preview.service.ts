/** Shows what a webhook would send before it exists: a sample event, or a real document, in its format. */
import type { Core } from '@strapi/strapi';
import { eventId } from '../../store/outbox/events.service';
import type { EventTimes } from '../../store/outbox/events.service';
import { EVENT_NAMES, VALIDATION, isAboutDocument, type EventName } from '../../contract/catalogue';
import type { WebhookEvent } from '../../contract/event';
import { PLUGIN_ID } from '../../contract/names';
import type { Preview, previewSchema, Sample } from '../../contract/webhook';
import type { WorkflowChoice } from '../../contract/workflow';
import type { Clock } from '../../strapi/clock.service';
import { invalid } from '../../strapi/errors';
import { boundTo, type Binding, isSubscribed } from '../../match/matching';
import { END_USER } from '../../strapi/model/content-model';
import type { AsSentTo } from '../../match/end-users';
import type { ReadBackground } from '../../send/background.service';
import { bodyOf, requestOf } from '../../send/request';
import { sampleEvent, type SampleName } from '../../send/sample-event';
import type { PreviewSigning } from './preview-signing.service';
import type { Schemas } from '../../strapi/model/schema.service';
import { sampleTransition } from '../../workflow/workflows/sample-transition';
import type { z } from 'zod';
import { createSampleDocument, type MayRead } from './sample-document.service';
import { wishesOf } from '../../store/webhook-record';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  background: ReadBackground;
  asSentTo: AsSentTo;
  clock: Clock;
  eventTime: EventTimes;
  version: string;
  workflows(): Promise<readonly WorkflowChoice[]>;
  signing: PreviewSigning;
};
const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;

type Wishes = Sample & Binding & { contentTypes: string[]; events: string[] };

const isEventName = (name: string): name is EventName =>
  (EVENT_NAMES as readonly string[]).includes(name);

/** The event that is asked for, else the first that the webhook subscribes to. */
const nameOf = ({ kind, event, events }: Wishes, fallback: EventName): SampleName => {
  if (kind === 'validation') return VALIDATION;
  if (kind === 'submit') return 'workflow.transition';
  if (event === undefined)
    return EVENT_NAMES.find((name) => isSubscribed(events, name)) ?? fallback;
  if (isEventName(event)) return event;
  throw invalid([
    {
      path: ['event'],
      message: `There is no event "${event}". Choose one of the event catalogue.`,
    },
  ]);
};

export const createPreview = (options: Options) => {
  const { strapi, schemas, background, asSentTo, clock, eventTime, version, workflows, signing } =
    options;
  const withDocument = createSampleDocument({ strapi, schemas });

  const workflowOf = async ({ workflow }: Wishes): Promise<WorkflowChoice | undefined> =>
    workflow === null ? undefined : (await workflows()).find(({ id }) => id === workflow);

  const uidOf = async ({ uid, contentTypes }: Wishes): Promise<string | null> => {
    if (uid !== undefined && !schemas.watched(uid)) {
      throw invalid([
        { path: ['uid'], message: `There is no content type "${uid}". Choose one of the list.` },
      ]);
    }
    return uid ?? contentTypes.find((one) => schemas.watched(one)) ?? (await anyUid());
  };

  /** Of a webhook of all types: one that editors see, and no end users, which it is not sent. */
  const anyUid = async (): Promise<string | null> => {
    const types = (await schemas.all()).contentTypes.filter(({ uid }) => uid !== END_USER);
    return (types.find(({ isHidden }) => !isHidden) ?? types[0])?.uid ?? null;
  };

  /** What only a stored webhook can be allowed. */
  const isIncluding = async (id: string | undefined): Promise<boolean> => {
    if (id === undefined) return false;
    const row = await strapi.db.query(WEBHOOK_UID).findOne({ where: { documentId: id } });
    return row !== null && wishesOf(row).includesEndUsers;
  };

  /** A fresh event of the kind that was wished for. */
  const choose = async (
    wishes: Wishes,
    { fallback, mayRead }: { fallback: EventName; mayRead: MayRead },
  ): Promise<WebhookEvent> => {
    const name = nameOf(wishes, fallback);
    const workflow = await workflowOf(wishes);
    const contentTypes =
      wishes.contentTypes.length > 0 ? wishes.contentTypes : (workflow?.contentTypes ?? []);
    const uid = isAboutDocument(name) ? await uidOf({ ...wishes, contentTypes }) : null;
    const model = uid === null ? null : await schemas.infoOf(uid);
    const transition = sampleTransition(workflow, wishes);
    const event = sampleEvent({
      name,
      model,
      id: eventId(),
      time: eventTime(),
      ...(transition ? { transition } : {}),
    });
    return withDocument(event, { sample: wishes, mayRead });
  };

  const preview = async (
    input: z.output<typeof previewSchema>,
    { mayRead, maySign }: { mayRead: MayRead; maySign: boolean },
  ): Promise<Preview> => {
    const chosen = await choose(input, { fallback: 'entry.publish', mayRead });
    const { format, serialization, contentTypes } = input;
    const includesEndUsers = await isIncluding(input.id);
    const event = asSentTo(chosen, { contentTypes, includesEndUsers });
    const webhook = {
      id: input.id ?? 'new',
      name: input.name || 'New webhook',
      kind: input.kind,
      on: boundTo(input),
      format,
      serialization,
    };
    const now = clock.now();
    const { madeWhenSent, ...signed } = await signing(input, { maySign, now });
    const request = requestOf({
      eventId: event.id,
      eventName: event.name,
      serialized: bodyOf({ event, webhook, ...(await background(event)) }),
      target: {
        url: 'https://example.com/',
        headers: {},
        authorization: null,
        ...signed,
        format,
      },
      now,
      version,
    });
    const headers = Object.entries(request.headers).filter(
      ([name]) => !madeWhenSent.includes(name),
    );
    return {
      event: event.name,
      headers: Object.fromEntries(headers),
      madeWhenSent,
      body: request.body,
    };
  };

  return { choose, preview };
};

export type PreviewRoom = ReturnType<typeof createPreview>;

export type Previews = ReturnType<typeof createPreview>;
