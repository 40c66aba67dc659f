/** The plugin's configuration as Strapi asks for it: defaults, and a check that names what is wrong. */
import { PLUGIN_ID } from '../contract/names';
import { inWords } from '../contract/api';
import { parseAllow } from '../send/http/address';
import { configSchema } from './schema';

const problemsOf = (config: unknown): string[] => {
  const parsed = configSchema.safeParse(config, { error: inWords });
  if (!parsed.success) {
    return parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`,
    );
  }
  try {
    parseAllow(parsed.data.network.allow);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
};

const validator = (config: unknown) => {
  const problems = problemsOf(config);
  if (problems.length === 0) return;
  throw new Error(
    [
      `The configuration of "${PLUGIN_ID}" in config/plugins is not valid:`,
      ...problems.map((problem) => `  - ${problem}`),
      "Every option and its default is listed in the plugin's docs/configuration.md.",
    ].join('\n'),
  );
};

export default {
  // Defaults come from `configOf`. Strapi would merge them in with lodash's defaultsDeep, which mixes lists item by
  // item: a schedule of two steps would get the other eight of the default.
  default: {},
  validator,
};
