/** Checks a webhook's settings, and makes columns of them, with everything secret encrypted. */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ContentTypes } from '../../contract/content-type';
import type { WebhookSettings } from '../../contract/webhook';
import type { WorkflowChoice } from '../../contract/workflow';
import { filterProblems } from '../../match/check-filter';
import type { TypesAt } from '../../match/filter';
import type { Secrets } from '../../store/secrets/secrets.service';
import { newSecret, type NewSecret } from '../../store/secrets/webhook-secrets';
import {
  fitting,
  missingHeaderSecrets,
  rotated,
  storedHeaders,
  urlToStore,
  wishesOf,
  type WebhookRow,
} from '../../store/webhook-record';
import type { Clock } from '../../strapi/clock.service';
import { checkNone, invalid, problem, type Problem } from '../../strapi/errors';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Authorizations } from '../authorizations/authorizations.service';

export type CheckOptions = {
  schemas: Pick<Schemas, 'all' | 'fieldTypes'>;
  authorizations: Pick<Authorizations, 'problemAt'>;
  workflows(): Promise<readonly WorkflowChoice[]>;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
};

/** Throws unless everything that a webhook refers to exists, and its address may be called. */
export async function checkWebhook(
  settings: WebhookSettings,
  { schemas, authorizations, workflows, checkUrl }: CheckOptions,
): Promise<void> {
  const { url, authorization, workflow } = settings;
  const known = await schemas.all();
  const problems = [
    ...unknownTypes(settings, known),
    ...unknownLocales(settings, known),
    ...problemsOfFilter(settings, { known, typesAt: schemas.fieldTypes }),
    // A disabled webhook may name a workflow that is gone.
    ...(workflow !== null && settings.enabled
      ? problemsOfWorkflow(settings, await workflows())
      : []),
  ];
  const message = await checkUrl(url);
  if (message !== null) problems.push({ path: ['url'], message });
  if (authorization !== null) {
    const found = await authorizations.problemAt(authorization, url);
    if (found !== null) problems.push({ path: ['authorization'], ...found });
  }
  checkNone(problems);
}

function unknownTypes({ contentTypes }: WebhookSettings, known: ContentTypes): Problem[] {
  const uids = known.contentTypes.map(({ uid }) => uid);
  return contentTypes.flatMap((uid, index) =>
    uids.includes(uid) ? [] : [problem(['contentTypes', index], 'content-type-unknown', { uid })],
  );
}

function unknownLocales({ locales }: WebhookSettings, known: ContentTypes): Problem[] {
  const codes = known.locales.map(({ code }) => code);
  return locales.flatMap((locale, index) =>
    codes.includes(locale) ? [] : [problem(['locales', index], 'locale-unknown', { locale })],
  );
}

function problemsOfFilter(
  { filter, contentTypes }: WebhookSettings,
  { known, typesAt }: { known: ContentTypes; typesAt: TypesAt },
): Problem[] {
  if (filter === null) return [];
  const chosen = known.contentTypes.filter(
    ({ uid }) => contentTypes.length === 0 || contentTypes.includes(uid),
  );
  return filterProblems(filter, chosen, typesAt).map(({ path, message }) => ({
    path: ['filter', ...path],
    message,
  }));
}

function problemsOfWorkflow(
  { workflow, state, command, contentTypes }: WebhookSettings,
  choices: readonly WorkflowChoice[],
): Problem[] {
  const chosen = choices.find(({ id }) => id === workflow);
  if (!chosen) return [problem(['workflow'], 'workflow-unknown')];
  const { name } = chosen;
  const missing = (part: 'state' | 'command', key: string | null): Problem[] =>
    key === null || chosen[`${part}s`].some((one) => one.key === key)
      ? []
      : [problem([part], `workflow-${part}-unknown`, { workflow: name, key })];
  const foreign = contentTypes.flatMap((uid, index) =>
    chosen.contentTypes.includes(uid)
      ? []
      : [problem(['contentTypes', index], 'workflow-does-not-govern', { workflow: name, uid })],
  );
  return [...missing('state', state), ...missing('command', command), ...foreign];
}

type Options = CheckOptions & { secrets: Secrets; clock: Clock };

export function createWebhookSettings({ secrets, clock, ...options }: Options) {
  /** `hasNewUrl`: the address is another one, apart from masks. */
  async function prepare(settings: WebhookSettings, stored: WebhookRow | null) {
    const address = addressOf(settings, stored);
    await checkWebhook({ ...settings, url: address.whole }, options);
    const secret = firstSecret(settings, stored);
    const data = {
      ...settings,
      ...address.columns,
      includesEndUsers: keepsEndUsers(settings, stored),
      headers: headersOf(settings, stored),
      // Only if they change: a rotation may have replaced them since the row was read.
      ...(secret === null ? {} : { secrets: withSecret(secret, []) }),
    };
    return { data, secret, hasNewUrl: address.isNew };
  }

  function rotation({ signing, secrets: known }: Pick<WebhookRow, 'signing' | 'secrets'>) {
    const secret = newSecret(signing, randomBytes);
    return { secret, secrets: withSecret(secret, fitting(known, signing)) };
  }

  function headersOf({ headers }: WebhookSettings, stored: WebhookRow | null) {
    const before = stored?.headers ?? {};
    const missing = missingHeaderSecrets(headers, before);
    checkNone(missing.map((name) => problem(['headers', name], 'header-secret-missing')));
    const encrypted = storedHeaders(headers, before, secrets.encrypt);
    if (!encrypted) throw invalid([problem(['headers'], 'encryption-key-missing')]);
    return encrypted;
  }

  function addressOf(settings: WebhookSettings, stored: WebhookRow | null) {
    const address = urlToStore(settings.url, stored, secrets);
    if (address.kind === 'stored') return address;
    if (address.kind === 'noKey')
      throw invalid([problem(['url'], 'encryption-key-missing-for-query')]);
    const names = address.names.map((name) => `"${name}"`).join(', ');
    throw invalid([problem(['url'], 'url-secret-missing', { names })]);
  }

  function withSecret({ text, publicKey }: NewSecret, before: WebhookRow['secrets']) {
    const value = secrets.encrypt(text);
    if (value === null) throw invalid([problem(['signing'], 'encryption-key-missing')]);
    const stored = publicKey === null ? { value } : { value, publicKey };
    return rotated(before ?? [], stored, clock.now());
  }

  return { prepare, rotation };
}

/** A first secret if signing begins, or begins to need a secret of the other kind; else null. */
const firstSecret = ({ signing }: WebhookSettings, stored: WebhookRow | null) =>
  signing === 'none' || fitting(stored?.secrets ?? null, signing).length > 0
    ? null
    : newSecret(signing, randomBytes);

/** A new choice of content types decides what is sent: from then on end users are sent only if they are named. */
const keepsEndUsers = ({ contentTypes }: WebhookSettings, stored: WebhookRow | null): boolean =>
  stored !== null &&
  wishesOf(stored).includesEndUsers &&
  isDeepStrictEqual([...contentTypes].sort(), [...wishesOf(stored).contentTypes].sort());
