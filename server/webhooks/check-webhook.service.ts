/** What a webhook's settings refer to must be there: content types, locales, an authorization, an address that may be called. */
import type { ContentTypes } from '../contract/content-type';
import type { WebhookSettings } from '../contract/webhook';
import { invalid, type Problem } from '../errors';
import { filterProblems } from '../match/check-filter';

type Options = {
  contentTypes(): Promise<ContentTypes>;
  authorizationExists(id: string): Promise<boolean>;
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
  known: ContentTypes,
): Problem[] => {
  if (filter === null) return [];
  const chosen = known.contentTypes.filter(
    ({ uid }) => contentTypes.length === 0 || contentTypes.includes(uid),
  );
  return filterProblems(filter, chosen).map(({ path, message }) => ({
    path: ['filter', ...path],
    message,
  }));
};

export const createCheck =
  ({ contentTypes, authorizationExists, checkUrl }: Options) =>
  async (settings: WebhookSettings): Promise<void> => {
    const known = await contentTypes();
    const problems = [
      ...unknownTypes(settings, known),
      ...unknownLocales(settings, known),
      ...filterTrouble(settings, known),
    ];
    const address = await checkUrl(settings.url);
    if (address !== null) problems.push({ path: ['url'], message: address });
    if (settings.authorization !== null && !(await authorizationExists(settings.authorization))) {
      problems.push({
        path: ['authorization'],
        message: 'There is no such authorization. Choose one of the list, or make it first.',
      });
    }
    if (problems.length > 0) throw invalid(problems);
  };

export type Check = ReturnType<typeof createCheck>;
