/** Names the changes of content types that the project calls screens: one change stays one event, under the other name. */
import { traitsOf } from '../contract/catalogue';
import type { Prospect } from '../match/matching';
import type { Happening } from './events-of';
import type { Live } from './live.service';

const screenName = (name: string): string => {
  const traits = traitsOf(name);
  return traits?.group === 'entry' ? `screen.${traits.verb}` : name;
};

type Recording = {
  isWanted(prospect: Prospect): Promise<boolean>;
  record(happenings: Happening[]): Promise<void>;
  recordAhead(happenings: Happening[]): Promise<() => Promise<void>>;
};

type Options = { contentTypes: readonly string[]; live: Live };

/** A recorder that tells `screen.*` in place of `entry.*` for these content types. */
export const namingScreens = (recorder: Recording, { contentTypes, live }: Options): Recording => {
  const isScreen = (uid: string | null) => uid !== null && contentTypes.includes(uid);
  /** Of a draft, only the database knows whether something of it is published. */
  const isLive = async ({ name, uid, documentId, locale, status }: Happening) => {
    const verb = traitsOf(name)?.verb;
    if (verb === 'unpublish' || verb === 'delete') return false;
    if (status === 'published') return true;
    return uid !== null && documentId !== null && (await live({ uid, documentId, locale }));
  };
  const named = async (happening: Happening): Promise<Happening> =>
    isScreen(happening.uid)
      ? { ...happening, name: screenName(happening.name), isLive: await isLive(happening) }
      : happening;
  const allNamed = async (happenings: Happening[]): Promise<Happening[]> => {
    const told: Happening[] = [];
    for (const happening of happenings) told.push(await named(happening));
    return told;
  };
  return {
    isWanted: ({ names, uid }) =>
      recorder.isWanted({ uid, names: isScreen(uid) ? names.map(screenName) : names }),
    record: async (happenings) => recorder.record(await allNamed(happenings)),
    recordAhead: async (happenings) => recorder.recordAhead(await allNamed(happenings)),
  };
};
