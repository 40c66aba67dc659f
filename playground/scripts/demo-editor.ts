/** The editor's actions, over the HTTP APIs of the content manager and of the workflow panel. */
import type { RefusalDetails } from '../../server/contract/document';
import type { Answer, App } from '../../tests/support/strapi';
import type { Change } from './demo-arrivals';

/** One action of the editor. If `run` returns a text, it is the message that the editor sees. */
export type Action = { description: string; run: () => Promise<unknown>; expected: Change[] };

/** The key of a command, and the editor's comment. */
type Command = [key: string, comment?: string];
type Document = { documentId: string };

const isRefused = ({ status }: Answer) => status === 400;

const checked = (answer: Answer, what: string) => {
  if (answer.status < 300) return answer.body.data;
  throw new Error(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
};

/** The message of a refusal as the panel shows it: the message, and below it the errors of fields. */
const shownMessage = ({ body }: Answer): string => {
  const { message, details } = body.error as { message: string; details: Partial<RefusalDetails> };
  const fields = (details.errors ?? []).filter(({ path }) => path.length > 0);
  return [message, ...fields.map((one) => `${one.path.join('.')}: ${one.message}`)].join('\n');
};

export const editorOf = (app: App) => {
  const call = async (method: string, path: string, body?: object): Promise<Document> =>
    checked(
      await app.request(method, `/content-manager/collection-types/${path}`, body),
      `${method} ${path}`,
    );
  const publishing = (uid: string, id: string) =>
    app.request('POST', `/content-manager/collection-types/${uid}/${id}/actions/publish`, {});
  const commanded = (uid: string, id: string, [command, comment]: Command) =>
    app.request('POST', `/workflow-webhooks/documents/${uid}/${id}/commands/${command}`, {
      comment,
    });
  const expectRefusal = (answer: Answer, what: string) => {
    if (!isRefused(answer)) throw new Error(`${what} was not refused.`);
    return shownMessage(answer);
  };
  return {
    writeSingle: async (uid: string, data: object): Promise<Document> =>
      checked(await app.request('PUT', `/content-manager/single-types/${uid}`, data), 'Save'),
    schedule: async (uid: string, documentId: string, at: Date): Promise<void> => {
      const times = { publishAt: at.toISOString(), archiveAt: null, timezone: 'UTC' };
      const answer = await app.request('POST', '/workflow-webhooks/schedules', {
        ...{ uid, documentId, locale: null },
        ...times,
      });
      checked(answer, 'Schedule');
    },
    create: (uid: string, data: object) => call('POST', uid, data),
    update: (uid: string, id: string, data: object) => call('PUT', `${uid}/${id}`, data),
    publish: async (uid: string, id: string) => checked(await publishing(uid, id), 'Publish'),
    remove: (uid: string, id: string) => call('DELETE', `${uid}/${id}`),
    /** Returns the name of the new state. */
    run: async (uid: string, id: string, command: Command): Promise<string> =>
      checked(await commanded(uid, id, command), command[0]).state.name,
    /** Both return the message that the editor sees, and throw if the call is not refused. */
    publishRefused: async (uid: string, id: string) =>
      expectRefusal(await publishing(uid, id), 'Publish'),
    runRefused: async (uid: string, id: string, command: Command) =>
      expectRefusal(await commanded(uid, id, command), command[0]),
  };
};

export type Editor = ReturnType<typeof editorOf>;
