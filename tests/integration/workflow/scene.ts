/** A Strapi with a receiver, and the helpers that the workflow tests share. */
/* eslint max-params: ["error", 4] -- the user comes last, because most calls use the default. */
import type { DocumentWorkflow } from '../../../server/contract/document';
import type { Webhook, WebhookInput } from '../../../server/contract/webhook';
import type { Workflow, WorkflowInput } from '../../../server/contract/workflow';
import type { Answer, App, StartOptions } from '../../support/strapi';
import { Stage } from '../delivery/stage';

export const ARTICLE = 'api::article.article';
export const PAGE = 'api::page.page';
export const HOMEPAGE = 'api::homepage.homepage';

/** The states draft, in review, approved and published, with commands forward and back. */
export const APPROVAL: WorkflowInput = {
  name: 'Approval',
  contentTypes: [PAGE],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft', color: '#4945ff' },
    { key: 'review', name: 'In review', color: '#d9822f' },
    { key: 'approved', name: 'Approved', color: '#328048', final: true },
    { key: 'published', name: 'Published', color: '#328048', final: true, onEnter: 'publish' },
  ],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'review', comment: 'optional' },
    { key: 'approve', name: 'Approve', from: ['review'], to: 'approved', comment: 'required' },
    { key: 'reject', name: 'Reject', from: ['review', 'approved'], to: 'draft' },
    { key: 'publish', name: 'Publish', from: ['approved'], to: 'published', comment: 'none' },
    { key: 'reopen', name: 'Reopen', from: ['published'], to: 'draft' },
  ],
};

export const YES = { status: 200, body: '{"IsValid":true,"Message":""}' };
export const no = (message: string) => ({
  status: 200,
  body: JSON.stringify({ IsValid: false, Message: message }),
});
export const answering = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

export type Place = { uid?: string; documentId: string; locale?: string };

const query = ({ locale }: Place) => (locale ? `?locale=${locale}` : '');

export class Scene {
  constructor(readonly stage: Stage) {}

  static async start(options: StartOptions = {}): Promise<Scene> {
    return new Scene(await Stage.start(options));
  }

  get app(): App {
    return this.stage.app;
  }

  get receiver() {
    return this.stage.receiver;
  }

  makeWorkflow(changes: Partial<WorkflowInput> = {}): Promise<Workflow> {
    return this.stage.api('POST', '/workflows', { ...APPROVAL, ...changes });
  }

  validation(
    workflow: string,
    command: string,
    { path = '/check', ...wish }: Partial<WebhookInput> & { path?: string } = {},
  ): Promise<Webhook> {
    return this.stage.api('POST', '/webhooks', {
      kind: 'validation',
      name: path.slice(1),
      url: this.receiver.url(path),
      workflow,
      command,
      ...wish,
    });
  }

  submit(
    workflow: string,
    on: { state?: string; command?: string },
    { path = '/notified', ...wish }: Partial<WebhookInput> & { path?: string } = {},
  ): Promise<Webhook> {
    return this.stage.api('POST', '/webhooks', {
      kind: 'submit',
      name: path.slice(1),
      url: this.receiver.url(path),
      workflow,
      ...on,
      ...wish,
    });
  }

  /** Saves a draft and returns its document id. */
  draft(data: object = {}, uid = PAGE, locale?: string): Promise<string> {
    return this.app.run(
      async (strapi, args) => {
        const document = await strapi.documents(args.uid).create({
          data: args.data,
          ...(args.locale ? { locale: args.locale } : {}),
        });
        return document.documentId;
      },
      { uid, locale, data: { title: 'A page', ...data } },
    );
  }

  edit(place: Place, data: object): Promise<void> {
    return this.app.run(
      async (strapi, { uid, documentId, locale, data: changes }) => {
        await strapi
          .documents(uid)
          .update({ documentId, ...(locale ? { locale } : {}), data: changes });
      },
      { uid: PAGE, ...place, data },
    );
  }

  /** Runs a command and returns the answer, also if it is refused. */
  run(
    place: Place,
    command: string,
    body: object = {},
    by: Pick<App, 'request'> = this.app,
  ): Promise<Answer> {
    const { uid = PAGE, documentId } = place;
    const path = `/workflow-webhooks/documents/${uid}/${documentId}/commands/${command}`;
    return by.request('POST', path + query(place), body);
  }

  async runAll(place: Place, ...commands: string[]): Promise<void> {
    for (const command of commands) {
      const body = command === 'approve' ? { comment: 'Good.' } : {};
      const answer = await this.run(place, command, body);
      if (answer.status !== 200) throw new Error(`${command}: ${JSON.stringify(answer.body)}`);
    }
  }

  view(place: Place): Promise<DocumentWorkflow> {
    const { uid = PAGE, documentId } = place;
    return this.stage.api('GET', `/documents/${uid}/${documentId}${query(place)}`);
  }

  async state(place: Place): Promise<string> {
    return (await this.view(place)).state?.key ?? '';
  }

  /** The title of the published version; null if there is none. */
  published({ uid = PAGE, documentId, locale }: Place): Promise<string | null> {
    return this.app.run(
      async (strapi, args) => {
        const found = await strapi.documents(args.uid).findOne({
          documentId: args.documentId,
          status: 'published',
          ...(args.locale ? { locale: args.locale } : {}),
        });
        return found?.title ?? null;
      },
      { uid, documentId, locale },
    );
  }

  async clear(): Promise<void> {
    await this.stage.clear();
    for (const { id } of await this.stage.api<Workflow[]>('GET', '/workflows?pageSize=100'))
      await this.stage.api('DELETE', `/workflows/${id}?moveTo=publication`);
  }

  stop(): Promise<void> {
    return this.stage.stop();
  }
}
