/** What a webhook's settings refer to must be there: content types, locales, an authorization, an address that may be called. */
import type { ContentTypes } from '../../contract/content-type';
import type { WebhookSettings } from '../../contract/webhook';
import type { WorkflowChoice } from '../../contract/workflow';
import { invalid, type Problem } from '../../strapi/errors';
import { filterProblems } from '../../match/check-filter';
import type { TypesAt } from '../../match/compare';

type Options = {
  contentTypes(): Promise<ContentTypes>;
  typesAt: TypesAt;
  /** Why a webhook to this URL may not send this authorization; null if it may. */
  authorizationProblem(id: string, url: string): Promise<string | null>;
  workflows(): Promise<readonly WorkflowChoice[]>;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
};

const unknownTypes = ({ contentTypes }: WebhookSettings, known: ContentTypes): Problem[] =>
  contentTypes.flatMap((uid, index) =>
    known.contentTypes.some((type) => type.uid === uid)
      ? []
      : [
          {
            path: ['contentTypes', index],
            message: `There is no content type "${uid}". Choose one of the list.`,
          },
        ],
  );

const unknownLocales = ({ locales }: WebhookSettings, known: ContentTypes): Problem[] =>
  locales.flatMap((code, index) =>
    known.locales.some((locale) => locale.code === code)
      ? []
      : [
          {
            path: ['locales', index],
            message: `There is no locale "${code}" in this project. Add it under Settings > Internationalization, or choose another.`,
          },
        ],
  );

const filterTrouble = (
  { filter, contentTypes }: WebhookSettings,
  { known, typesAt }: { known: ContentTypes; typesAt: TypesAt },
): Problem[] => {
  if (filter === null) return [];
  const chosen = known.contentTypes.filter(
    ({ uid }) => contentTypes.length === 0 || contentTypes.includes(uid),
  );
  return filterProblems(filter, chosen, typesAt).map(({ path, message }) => ({
    path: ['filter', ...path],
    message,
  }));
};

const NO_WORKFLOW =
  'There is no such workflow. Choose one of the list, or draw it first under Workflows.';

const workflowTrouble = (
  { workflow, state, command, contentTypes }: WebhookSettings,
  choices: readonly WorkflowChoice[],
): Problem[] => {
  if (workflow === null) return [];
  const chosen = choices.find(({ id }) => id === workflow);
  if (!chosen) return [{ path: ['workflow'], message: NO_WORKFLOW }];
  const missing = (what: 'state' | 'command', key: string | null): Problem[] =>
    key === null || chosen[`${what}s`].some((one) => one.key === key)
      ? []
      : [{ path: [what], message: `The workflow "${chosen.name}" has no ${what} "${key}".` }];
  const foreign = contentTypes.flatMap((uid, index) =>
    chosen.contentTypes.includes(uid)
      ? []
      : [
          {
            path: ['contentTypes', index],
            message: `The workflow "${chosen.name}" does not govern "${uid}", so nothing of it would ever be told. Take it out, or choose another workflow.`,
          },
        ],
  );
  return [...missing('state', state), ...missing('command', command), ...foreign];
};

export const createCheck =
  ({ contentTypes, typesAt, authorizationProblem, checkUrl, workflows }: Options) =>
  async (settings: WebhookSettings): Promise<void> => {
    const known = await contentTypes();
    const problems = [
      ...unknownTypes(settings, known),
      ...unknownLocales(settings, known),
      ...filterTrouble(settings, { known, typesAt }),
      // One whose workflow is gone must still be possible to switch off.
      ...(settings.workflow !== null && settings.enabled
        ? workflowTrouble(settings, await workflows())
        : []),
    ];
    const address = await checkUrl(settings.url);
    if (address !== null) problems.push({ path: ['url'], message: address });
    if (settings.authorization !== null) {
      const message = await authorizationProblem(settings.authorization, settings.url);
      if (message !== null) problems.push({ path: ['authorization'], message });
    }
    if (problems.length > 0) throw invalid(problems);
  };

export type Check = ReturnType<typeof createCheck>;
