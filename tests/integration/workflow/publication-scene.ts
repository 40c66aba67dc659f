/** Helpers for content types without a custom workflow: the content manager's buttons, project code, and their results. */
import type { Webhook, WebhookInput } from '../../../server/contract/webhook';
import type { Received, Script } from '../../support/receiver';
import type { Answer, StartOptions } from '../../support/strapi';
import { Stage } from '../delivery/stage';
import { no, PAGE, Scene, YES, type Place } from './scene';

export const CM = '/content-manager/collection-types';
export const PUBLISHED = 'publication';

export class PublicationScene extends Scene {
  static override async start(options: StartOptions = {}): Promise<PublicationScene> {
    const config = { validation: { budget: 3000, timeout: 3000 } };
    return new PublicationScene(await Stage.start({ config, ...options }));
  }

  validate(
    command = 'publish',
    wish: Partial<WebhookInput> & { path?: string } = {},
  ): Promise<Webhook> {
    return this.validation(PUBLISHED, command, wish);
  }

  /** Sets the answers of the endpoint at /check. */
  answerWith(...script: Script): void {
    this.receiver.on('/check').answer(...script);
  }

  /** Refuses titles that start with `start`, and allows all others. */
  refuseTitles(start: string): void {
    this.answerWith((request: Received) => {
      const { title } = JSON.parse(request.body).data.entry;
      return String(title).startsWith(start) ? no(`Not "${title}".`) : YES;
    });
  }

  /** The data of all requests that an endpoint got, in order. */
  received(path = '/check') {
    return this.stage.calls(path).map(({ body }) => JSON.parse(body).data);
  }

  click(action: string, place: Place, body: object = {}): Promise<Answer> {
    const { uid = PAGE, documentId, locale } = place;
    const form = { ...body, ...(locale ? { locale } : {}) };
    return this.app.request('POST', `${CM}/${uid}/${documentId}/actions/${action}`, form);
  }

  clickMany(action: string, documentIds: string[]): Promise<Answer> {
    return this.app.request('POST', `${CM}/${PAGE}/actions/${action}`, { documentIds });
  }

  /** Runs an action of the document service in code. Returns the error message, or an empty text on success. */
  fromCode(
    action: string,
    { uid = PAGE, ...params }: { uid?: string; documentId: string; locale?: string | string[] },
    { isInTransaction = false, isRolledBack = false } = {},
  ): Promise<string> {
    return this.app
      .run(
        async (strapi, how) => {
          const act = async () => {
            await strapi.documents(how.uid)[how.action](how.params);
            if (how.isRolledBack) throw new Error('Later.');
          };
          await (how.isInTransaction ? strapi.db.transaction(act) : act());
          return '';
        },
        { uid, action, params, isInTransaction: isInTransaction || isRolledBack, isRolledBack },
      )
      .catch((error: Error) => error.message);
  }

  /** The titles of the draft and of the published version. */
  titles({ uid = PAGE, documentId, locale }: Place): Promise<(string | null)[]> {
    return this.app.run(
      async (strapi, { type, ...params }) =>
        Promise.all(
          ['draft', 'published'].map(
            async (status) =>
              (await strapi.documents(type).findOne({ ...params, status }))?.title ?? null,
          ),
        ),
      { type: uid, documentId, ...(locale ? { locale } : {}) },
    );
  }

  /** The history as "refused publish", newest first. */
  async outcomes(place: Place): Promise<string[]> {
    return (await this.view(place)).history.map(({ outcome, command }) => `${outcome} ${command}`);
  }

  async publishedPage(title: string): Promise<string> {
    const documentId = await this.draft({ title });
    await this.fromCode('publish', { documentId });
    return documentId;
  }
}
