/** A role with permissions for only some documents, fields and locales, and content that it may see only in part. */
import { permissionUid, type PermissionName } from '../../../server/contract/names';
import type { Delivery } from '../../../server/contract/delivery';
import type { Schedule } from '../../../server/contract/schedule';
import { startReceiver, type Receiver } from '../../support/receiver';
import type { Admin, App, PermissionInput } from '../../support/strapi';
import { dataOf, NOTICE, pluginApi, until, type PluginApi } from './plugin-api';

export const ARTICLE = 'api::article.article';
export const PAGE = 'api::page.page';

/** This word is in everything that the role may not see. */
export const SECRET = 'Canary';

const HOUR = 60 * 60_000;
const EXPLORER = 'plugin::content-manager.explorer';
const FIELDS = ['title', 'author', 'page', 'tags', 'links.label', 'links.target', 'seo.metaTitle'];

const own = (action: string, subject: string | null, properties = {}): PermissionInput => ({
  action,
  subject,
  properties,
  conditions: ['admin::is-creator'],
});

/** The plugin's permissions to read and to test, without those to change. */
const READING: PermissionName[] = [
  'webhook.read',
  'webhook.create',
  'webhook.test',
  'authorization.read',
  'delivery.read',
  'delivery.resend',
  'audit.read',
  'workflow.read',
  'schedule.read',
  'replication.read',
];

const PERMISSIONS: (string | PermissionInput)[] = [
  ...READING.map((name) => permissionUid(name)),
  ...['read', 'update', 'publish'].map((action) =>
    own(`${EXPLORER}.${action}`, ARTICLE, {
      locales: ['en'],
      ...(action === 'publish' ? {} : { fields: FIELDS }),
    }),
  ),
  own(`${EXPLORER}.read`, PAGE, { fields: ['title'] }),
  own(`${EXPLORER}.update`, PAGE, { fields: ['title'] }),
  own(`${EXPLORER}.read`, NOTICE),
  own('plugin::upload.read', null),
  { action: `${EXPLORER}.read`, subject: 'api::tag.tag', properties: { fields: ['name'] } },
];

export type Documents = {
  article: string;
  ownPage: string;
  scheduledPage: string;
  ownNotice: string;
  deletedNotice: string;
  foreignArticle: string;
  foreignPage: string;
  file: string;
};

/** The role's own article has the secret word in each field, locale and related document that the role may not read. */
const makeDocuments = (app: App, creator: number): Promise<Documents> =>
  app.run(async (strapi, createdBy): Promise<Documents> => {
    const make = async (name: string, data: object) =>
      (await strapi.documents(`api::${name}.${name}`).create({ locale: 'en', data })).documentId;
    const author = await make('author', { name: 'Canary author' });
    const tag = await make('tag', { name: 'Visible tag' });
    const foreignPage = await make('page', { title: 'Canary page' });
    const article = await make('article', {
      createdBy,
      title: 'Visible title',
      body: 'Canary body',
      seo: { metaTitle: 'Visible meta title', metaDescription: 'Canary description' },
      links: [{ label: 'Visible label', url: 'https://example.com/Canary', target: foreignPage }],
      author,
      tags: [tag],
      page: foreignPage,
    });
    const french = { createdBy, title: 'Canary titre' };
    await strapi
      .documents('api::article.article')
      .update({ documentId: article, locale: 'fr', data: french });
    const deletedNotice = await make('notice', { createdBy, title: 'Canary that is gone' });
    await strapi.documents('api::notice.notice').delete({ documentId: deletedNotice });
    const file = await strapi.db.query('plugin::upload.file').create({
      data: {
        name: 'Canary.png',
        hash: 'canary',
        ext: '.png',
        mime: 'image/png',
        size: 1,
        url: '/uploads/Canary.png',
        provider: 'local',
      },
    });
    return {
      article,
      ownPage: await make('page', { createdBy, title: 'Visible page', body: 'Canary' }),
      scheduledPage: await make('page', { createdBy, title: 'Visible page to come' }),
      ownNotice: await make('notice', { createdBy, title: 'Visible notice' }),
      deletedNotice,
      foreignArticle: await make('article', { title: 'Canary title' }),
      foreignPage,
      file: file.documentId,
    };
  }, creator);

const WORKFLOW = {
  name: 'Approval',
  contentTypes: [PAGE],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft' },
    { key: 'done', name: 'Done', final: true },
  ],
  commands: [{ key: 'approve', name: 'Approve', from: ['draft'], to: 'done' }],
};

const answering = (body: object) => ({ status: 200, body: JSON.stringify(body) });

export class LimitedRole {
  documents!: Documents;
  /** A webhook on every create; its receiver repeats the request body. */
  webhook!: string;
  /** The failed schedule of the foreign page. */
  schedule!: string;

  private constructor(
    readonly app: App,
    readonly admin: Admin,
    readonly receiver: Receiver,
  ) {}

  static async start(app: App): Promise<LimitedRole> {
    const role = new LimitedRole(app, await app.createAdmin(PERMISSIONS), await startReceiver());
    await role.listen();
    role.documents = await makeDocuments(app, role.admin.id);
    await role.schedulePages();
    return role;
  }

  get api(): PluginApi {
    return pluginApi(this.app);
  }

  ask(method: string, path: string, body?: unknown) {
    const sent = method === 'GET' ? undefined : body;
    return this.admin.request(method, `/workflow-webhooks${path}`, sent);
  }

  /** All deliveries of the creates, as soon as they are delivered. */
  async deliveries(): Promise<Delivery[]> {
    return until(async () => {
      const found = dataOf(await this.api.get(`/deliveries?webhook=${this.webhook}&pageSize=100`));
      const isOver = found.every(({ state }: Delivery) => state === 'delivered');
      return found.length >= 8 && isOver ? found : null;
    }, 'deliveries that are all delivered');
  }

  /** The id of the delivery for the create of a document. */
  async delivery(name: keyof Documents): Promise<string> {
    const isOf = ({ documentId, locale, isTest }: Delivery) =>
      documentId === this.documents[name] && locale !== 'fr' && !isTest;
    const found = (await this.deliveries()).find(isOf);
    if (!found) throw new Error(`There is no delivery of ${name}.`);
    return found.id;
  }

  stop() {
    return this.receiver.stop();
  }

  private async make(settings: object): Promise<string> {
    return dataOf(await this.api.post('/webhooks', settings)).id;
  }

  private async listen() {
    const { receiver } = this;
    receiver.on('/log').answer(({ body }) => ({ status: 200, body }));
    receiver.on('/publishing').answer(answering({ IsValid: false, Message: 'Canary' }));
    const errors = [
      { path: 'title', message: 'Too short' },
      { path: 'body', message: 'Canary in the body' },
    ];
    receiver.on('/check').answer(answering({ allowed: false, errors }));
    this.webhook = await this.make({
      name: 'Log',
      url: receiver.url('/log'),
      events: ['entry.create'],
      contentTypes: [ARTICLE, PAGE, NOTICE],
    });
    const workflow = dataOf(await this.api.post('/workflows', WORKFLOW)).id;
    const validation = { kind: 'validation', name: 'Check' };
    await this.make({ ...validation, url: receiver.url('/check'), workflow, command: 'approve' });
    await this.make({
      ...validation,
      url: receiver.url('/publishing'),
      workflow: 'publication',
      command: 'publish',
    });
  }

  private async schedulePages() {
    const publishAt = new Date(Date.now() + HOUR).toISOString();
    const { foreignPage, scheduledPage } = this.documents;
    for (const documentId of [foreignPage, scheduledPage])
      dataOf(await this.api.post('/schedules', { uid: PAGE, documentId, publishAt }));
    await this.app.run(
      (strapi, ms) => strapi.plugin('workflow-webhooks').service('clock').turn(ms),
      2 * HOUR,
    );
    const found: Schedule[] = await until(async () => {
      const { body } = await this.api.get('/schedules?state=failed');
      return body.data.length === 2 ? body.data : null;
    }, 'two schedules that failed');
    this.schedule = found.find(({ documentId }) => documentId === foreignPage)?.id ?? '';
  }
}
