/** Names the changes of content types that the project calls screens: one change stays one event, under the other name. */
import type { Prospect } from '../match/matching';
import type { Happening } from './events-of';

const ENTRY = 'entry.';

const screenName = (name: string): string =>
  name.startsWith(ENTRY) ? `screen.${name.slice(ENTRY.length)}` : name;

type Recording = {
  isWanted(prospect: Prospect): Promise<boolean>;
  record(happenings: Happening[]): Promise<void>;
};

/** A recorder that tells `screen.*` in place of `entry.*` for these content types. */
export const namingScreens = (recorder: Recording, contentTypes: readonly string[]): Recording => {
  const isScreen = (uid: string | null) => uid !== null && contentTypes.includes(uid);
  const named = (happening: Happening): Happening =>
    isScreen(happening.uid) ? { ...happening, name: screenName(happening.name) } : happening;
  return {
    isWanted: ({ names, uid }) =>
      recorder.isWanted({ uid, names: isScreen(uid) ? names.map(screenName) : names }),
    record: (happenings) => recorder.record(happenings.map(named)),
  };
};
