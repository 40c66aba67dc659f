/** The real system: a Strapi with one workflow, its endpoints and users. Every call returns its answer as a value. */
/* eslint max-params: ["error", 4] -- a call reads like HTTP: method, path, body. */
import type { DocumentWorkflow, Verdict } from '../../../../server/contract/document';
import type { Admin, Answer, App, DatabaseKind } from '../../../support/strapi';
import type { Step } from '../../../support/receiver';
import { until } from '../../delivery/stage';
import { APPROVAL, ARTICLE, no, PAGE, Scene, YES } from '../scene';
import {
  deliveryLine,
  VALIDATIONS,
  type Content,
  type Document,
  type Validation,
} from './documents';

export const SECOND_LOCALE = 'de';
/** The timeout of validations (ms): short, because some endpoints never answer. */
const TIMEOUT = 250;
/** A little longer than the pause of a failing endpoint (ms). */
const ENDPOINT_PAUSE_MS = 31_000;

export const USERS = ['admin', 'editor', 'reader'] as const;
export type User = (typeof USERS)[number];

/** How an endpoint answers a validation. */
export const ENDPOINT_BEHAVIOURS = ['allow', 'refuse', 'fail', 'hang', 'slowly'] as const;
export type EndpointBehaviour = (typeof ENDPOINT_BEHAVIOURS)[number];

const STEPS: Record<EndpointBehaviour, Step> = {
  allow: YES,
  refuse: no('Not like this.'),
  fail: 500,
  hang: 'hang',
  slowly: { ...YES, delayMs: 40 },
};

/** The answer to a call; a refusal contains its message and the verdicts. */
export type Reply = {
  isDone: boolean;
  status: number;
  message: string;
  verdicts: Verdict[];
  value: any;
};

const fromHttp = ({ status, body }: Answer): Reply => ({
  isDone: status < 300,
  status,
  message: body?.error?.message ?? '',
  verdicts: (status < 300 ? body?.data?.verdicts : body?.error?.details?.verdicts) ?? [],
  value: body,
});

/** A version in the database. */
export type Row = { id: number; locale: string | null; isPublished: boolean } & Content;

/** Everything that a step may change. */
export type Snapshot = {
  rows: Record<string, Row[]>;
  /** The number of rows of each content type: a failed step must leave none behind. */
  counts: Record<string, number>;
  deliveries: string[];
  /** The locales of documents with a stored state or history. */
  remembered: string[];
};

type Query = { documents: { uid: string; documentId: string }[]; types: string[] };

/** Runs inside Strapi. */
const readAll = async (strapi: any, { documents, types }: Query) => {
  const knex = strapi.db.connection;
  const tableOf = (uid: string) => strapi.db.metadata.get(uid).tableName;
  const ids = documents.map(({ documentId }) => documentId);
  const rows: Record<string, any[]> = Object.fromEntries(ids.map((id) => [id, []]));
  const counts: Record<string, number> = {};
  for (const uid of types) {
    const found = await knex(tableOf(uid)).whereIn('document_id', ids).orderBy('id');
    for (const row of found) rows[row.document_id]?.push(row);
    counts[uid] = Number((await knex(tableOf(uid)).count({ total: '*' }))[0].total);
  }
  const deliveries = await knex('workflow_webhooks_deliveries as delivery')
    .join('workflow_webhooks_events as event', 'event.event_id', 'delivery.event_id')
    .whereIn('delivery.document_id', ids)
    .whereIn('delivery.event', ['workflow.transition', 'workflow.refused'])
    .orderBy('delivery.id')
    .select('delivery.webhook_name', 'delivery.document_id', 'delivery.locale', 'event.payload');
  const recorded = deliveries.map((row: any) => ({
    webhook: row.webhook_name,
    documentId: row.document_id,
    locale: row.locale,
    transition: JSON.parse(row.payload).transition,
  }));
  const remembered: any[] = [];
  for (const table of ['document_states', 'histories'])
    remembered.push(
      ...(await knex(`workflow_webhooks_${table}`)
        .whereIn('document', ids)
        .distinct('document', 'language')),
    );
  return { rows, counts, recorded, remembered };
};

const lineOf = ({ webhook, documentId, locale, transition }: Record<string, any>) => {
  const { command, from, to } = transition;
  const step = { command: command?.key ?? null, from: from.key, to: to.key };
  return deliveryLine(webhook, { documentId, locale }, step);
};

const rowOf = (raw: Record<string, any>): Row => ({
  id: raw.id,
  locale: raw.locale,
  isPublished: raw.published_at !== null,
  title: raw.title,
  views: raw.views ?? null,
});

const permissions = (actions: string[]) =>
  [PAGE, ARTICLE].flatMap((subject) =>
    actions.map((action) => ({
      action: `plugin::content-manager.explorer.${action}`,
      subject,
      properties: {
        fields: ['title', 'path', 'views'],
        ...(subject === ARTICLE ? { locales: ['en', SECOND_LOCALE] } : {}),
      },
    })),
  );

export class System {
  private constructor(
    readonly scene: Scene,
    private readonly users: Record<User, Pick<Admin | App, 'request'>>,
  ) {}

  static async start(database: DatabaseKind): Promise<System> {
    const scene = await Scene.start({ database });
    const editor = await scene.app.createAdmin(
      permissions(['create', 'read', 'update', 'publish']),
    );
    const reader = await scene.app.createAdmin(permissions(['read']));
    const system = new System(scene, { admin: scene.app, editor, reader });
    await system.makeWorkflow(editor);
    return system;
  }

  /** The editor's role may submit, reject and reopen; only another role may approve. */
  private async makeWorkflow(editor: Admin): Promise<void> {
    const { scene } = this;
    const role: number = await scene.app.run(async (strapi, id) => {
      const where = { id };
      const user = await strapi.db
        .query('admin::user')
        .findOne({ where, populate: { roles: true } });
      return user.roles[0].id;
    }, editor.id);
    const roles: Record<string, (number | string)[]> = {
      approve: ['strapi-author'],
      reject: [role],
      reopen: [role, 'strapi-author'],
    };
    const commands = APPROVAL.commands?.map((one) => ({ ...one, roles: roles[one.key] ?? [] }));
    const { id } = await scene.makeWorkflow({ contentTypes: [PAGE, ARTICLE], commands });
    for (const { key } of APPROVAL.states)
      await scene.submit(id, { state: key }, { path: `/entered-${key}` });
    await scene.submit(id, { command: 'submit' }, { path: '/ran-submit' });
    await scene.stage.makeWebhook({
      path: '/refused',
      name: 'refused',
      events: ['workflow.refused'],
      contentTypes: [],
    });
    const timeout = TIMEOUT;
    await scene.validation(id, 'submit', { path: '/gate', timeout });
    await scene.validation(id, 'approve', { path: '/strict', timeout });
    await scene.validation(id, 'approve', { path: '/lenient', timeout, onError: 'allow' });
    await scene.validation(id, 'approve', { path: '/advisor', timeout, mode: 'warn' });
  }

  /** Resets the endpoints, so that failures of an earlier run do not pause them. */
  async begin(): Promise<void> {
    for (const path of VALIDATIONS) this.setAnswer(path, 'allow');
    await this.scene.app.run((strapi) =>
      strapi.db
        .connection('workflow_webhooks_health')
        .update({ consecutive_failures: 0, parked_until: null }),
    );
  }

  setAnswer(path: Validation, behaviour: EndpointBehaviour): void {
    this.scene.receiver.on(`/${path}`).answer(STEPS[behaviour]);
  }

  /** Turns the clock beyond the pause of a failing endpoint. */
  passEndpointPause(): Promise<void> {
    return this.scene.stage.turn(ENDPOINT_PAUSE_MS);
  }

  /** A call of the plugin's admin API or of the content manager. */
  async call(by: User, method: string, path: string, body?: object): Promise<Reply> {
    return fromHttp(await this.users[by].request(method, path, body));
  }

  async contentApi(method: string, path: string, body?: object): Promise<Reply> {
    return fromHttp(await this.scene.app.contentApi(method, path, body));
  }

  /** Project code that calls the document service. */
  documents(uid: string, action: string, params: object): Promise<Reply> {
    return this.code((strapi, args) => strapi.documents(args.uid)[args.action](args.params), {
      uid,
      action,
      params,
    });
  }

  /** Project code that bypasses the document service. */
  query(uid: string, action: string, params: object): Promise<Reply> {
    return this.code((strapi, args) => strapi.db.query(args.uid)[args.action](args.params), {
      uid,
      action,
      params,
    });
  }

  /** Project code that calls the entity service, which some projects still use. */
  entityService(uid: string, action: string, params: object): Promise<Reply> {
    return this.code((strapi, args) => strapi.entityService[args.action](args.uid, args.params), {
      uid,
      action,
      params,
    });
  }

  private async code<A>(run: (strapi: any, args: A) => unknown, args: A): Promise<Reply> {
    const base = { status: 0, message: '', verdicts: [] };
    try {
      return { ...base, isDone: true, value: await this.scene.app.run(run, args) };
    } catch (error) {
      return { ...base, isDone: false, message: (error as Error).message, value: null };
    }
  }

  async snapshot(documents: readonly Pick<Document, 'uid' | 'documentId'>[]): Promise<Snapshot> {
    const refs = documents.map(({ uid, documentId }) => ({ uid, documentId }));
    const raw = await this.scene.app.run(readAll, { documents: refs, types: [PAGE, ARTICLE] });
    return {
      counts: raw.counts,
      rows: Object.fromEntries(Object.entries(raw.rows).map(([id, rows]) => [id, rows.map(rowOf)])),
      deliveries: raw.recorded.map(lineOf),
      remembered: raw.remembered.map(({ document, language }) => `${document} ${language}`),
    };
  }

  view(document: Document, locale: string | null): Promise<DocumentWorkflow> {
    const { uid, documentId } = document;
    return this.scene.view({ uid, documentId, ...(locale === null ? {} : { locale }) });
  }

  /** Waits until no delivery is open; counts how often each one arrived. */
  async arrived(): Promise<Map<string, number>> {
    await until(
      () => this.scene.stage.health(),
      ({ deliveries }) => deliveries.pending + deliveries.sending + deliveries.retrying === 0,
    );
    const came = new Map<string, number>();
    for (const { path, headers } of this.scene.receiver.requests) {
      if (VALIDATIONS.some((name) => path === `/${name}`)) continue;
      const key = `${path} ${headers['webhook-id']}`;
      came.set(key, (came.get(key) ?? 0) + 1);
    }
    return came;
  }

  stop(): Promise<void> {
    return this.scene.stop();
  }
}
