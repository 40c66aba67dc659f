/** Calls the plugin's admin API, and holds the helpers that the API tests share. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SUPER_ADMIN, type Answer, type App } from '../../support/strapi';

export type PluginApi = {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
};

/** Calls as the super administrator; paths without the plugin's prefix. */
export const pluginApi = (app: App): PluginApi => {
  const call = (method: string, path: string, body?: unknown) =>
    app.request(method, `/workflow-webhooks${path}`, body);
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    remove: (path) => call('DELETE', path),
  };
};

/** The data of a 200 or 201; any other answer fails the test. */
export const dataOf = ({ status, body }: Answer) => {
  if (status !== 200 && status !== 201) {
    throw new Error(`Expected a success, got ${status}: ${JSON.stringify(body)}`);
  }
  return body.data;
};

type Reported = { path: string[]; message: string; name: string; code: string };

const KEBAB_CASE = /^[a-z]+(-[a-z0-9]+)*$/;

/** The messages of a ValidationError by dotted path; also checks the shape of the error. */
export const problemsOf = ({ status, body }: Answer): Record<string, string> => {
  expect({ status, data: body.data, name: body.error?.name }).toEqual({
    status: 400,
    data: null,
    name: 'ValidationError',
  });
  const errors: Reported[] = body.error.details.errors;
  for (const error of errors) {
    expect(error).toEqual({
      path: expect.any(Array),
      message: expect.any(String),
      name: 'ValidationError',
      code: expect.stringMatching(KEBAB_CASE),
      params: expect.any(Object),
    });
  }
  return Object.fromEntries(errors.map(({ path, message }) => [path.join('.'), message]));
};

/** Repeats the call until its result is truthy. */
export const until = async <T>(
  ask: () => Promise<T | null | false | undefined>,
  what: string,
): Promise<T> => {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(50);
  }
  throw new Error(`Waited 20 s for ${what}.`);
};

/** The newest delivery of a webhook, as soon as it is in one of these states. */
export const settledDelivery = (api: PluginApi, webhookId: string, ...states: string[]) =>
  until(
    async () => {
      const [newest] = dataOf(await api.get(`/deliveries?webhook=${webhookId}&pageSize=1`));
      return newest && states.includes(newest.state) ? newest : null;
    },
    `a delivery that is ${states.join(' or ')}`,
  );

let notices = 0;

/** Creates an entry of a type without draft and publish: one change that is one event. */
export const makeNotice = async (app: App, data: object = {}) => {
  const answer = await app.contentApi('POST', '/notices', {
    data: { title: `Notice ${++notices}`, ...data },
  });
  return dataOf(answer) as { documentId: string; title: string };
};

export const NOTICE = 'api::notice.notice';

/** The required fields of a webhook. */
export const hook = (url: string, more: object = {}) => ({
  name: 'A webhook',
  url,
  events: ['entry.create'],
  contentTypes: [NOTICE],
  ...more,
});

/** Posts a webhook with an unchanged body, which need not be JSON. */
export const postRaw = async (
  app: App,
  body: string,
  type = 'application/json',
): Promise<Answer> => {
  const token = await app.login(SUPER_ADMIN.email, SUPER_ADMIN.password);
  const response = await fetch(`${app.url}/workflow-webhooks/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
