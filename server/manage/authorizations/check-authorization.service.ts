/** What can be found wrong with an authorization when it is saved. */
import type { AuthorizationSettings } from '../../contract/authorization';
import { MASK } from '../../contract/names';
import type { Clock } from '../../strapi/clock.service';
import { invalid, type Problem } from '../../strapi/errors';
import { certificateProblems } from '../../send/certificates';
import { destinationProblem } from '../../send/credentials/authorization';

type Options = {
  clock: Clock;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
};

/** A webhook that sends this authorization. */
type User = { name: string; url: string };

const TOKEN_FIELDS = ['tokenUrl', 'authorityUrl'] as const;

const userProblems = (settings: AuthorizationSettings, users: readonly User[]): Problem[] =>
  users.flatMap(({ name, url }) => {
    const problem = destinationProblem(settings, url);
    if (problem === null) return [];
    const path = [settings.allowedHosts.length > 0 ? 'allowedHosts' : 'kind'];
    return [{ path, message: `The webhook "${name}" would stop working. ${problem}` }];
  });

export const createCheckAuthorization = ({ clock, checkUrl }: Options) => {
  const urlProblems = async (settings: AuthorizationSettings): Promise<Problem[]> => {
    if (!('tokenUrl' in settings)) return [];
    const found = await Promise.all(
      TOKEN_FIELDS.map(async (field) => {
        const url = settings[field];
        const message = url === null ? null : await checkUrl(url);
        return message === null ? [] : [{ path: [field], message }];
      }),
    );
    return found.flat();
  };

  /** `settings` in the clear, as far as what is stored can be read. Throws Strapi's ValidationError. */
  return async (settings: AuthorizationSettings, users: readonly User[]): Promise<void> => {
    const isReadable = settings.kind === 'clientCertificate' && settings.privateKey !== MASK;
    const problems = [
      ...(await urlProblems(settings)),
      ...(isReadable ? certificateProblems(settings, clock.now()) : []),
      ...userProblems(settings, users),
    ];
    if (problems.length > 0) throw invalid(problems);
  };
};
