/** What a project's own code may do with workflows: `strapi.plugin('workflow-webhooks').service('workflows')`. */
import type { CommandResult, DocumentWorkflow } from '../../contract/document';
import type { Actor } from '../../contract/event';
import type { Commands, Wish } from '../command/commands.service';
import type { Locales } from '../../strapi/documents.service';
import type { Place } from '../../strapi/model/place';
import type { Views } from './views.service';

type Rooms = { commands: Commands; views: Views; locales: Locales; actor(): Actor };
/** `locale` may be left out: it is then the default one, or none where the type is not localized. */
export type Where = { uid: string; documentId: string; locale?: string | null };

const ANYTHING = { mayRun: () => true, mayBypass: true };

export const projectCode = ({ commands, views, locales, actor }: Rooms) => {
  const placeOf = async ({ uid, documentId, locale }: Where): Promise<Place> => ({
    uid,
    documentId,
    locale: await locales.one(uid, locale),
  });

  return {
    /** State, commands and history, as the editor's panel shows them. Throws where there is no such document. */
    find: async (where: Where): Promise<DocumentWorkflow> =>
      views.one(await placeOf(where), ANYTHING),

    /**
     * Runs a command, whatever roles it is kept for: the code has decided who may. Its validations are asked. Throws
     * Strapi's typed errors; a refusal is a ValidationError with `details.verdicts`.
     */
    run: async (where: Where, wish: Wish): Promise<CommandResult> =>
      commands.run(await placeOf(where), wish, { actor: actor(), mayRun: () => true }),

    /** Publishes past the workflow, for imports and seeds; the history keeps the reason. */
    bypass: async (where: Where, reason: string): Promise<CommandResult> =>
      commands.bypass(await placeOf(where), reason, actor()),
  };
};
