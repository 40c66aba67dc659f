/** A real Strapi for a test, the benchmark or the demo: the playground, with a database of its own. */
/* eslint max-params: ["error", 4] -- a call reads as HTTP does: method, path, body; what is rare comes last. */
import { templateOf, type Template } from './database-template';
import { isReachable, makeDatabase, type DatabaseKind, type TestDatabase } from './strapi-database';
import { RunError, StartError, StrapiProcess } from './strapi-process';
import { send, type Answer, type Call, type CallOptions } from './strapi-http';
import {
  makeAdmin,
  makeApiToken,
  makeSuperAdmin,
  SUPER_ADMIN,
  type PermissionInput,
} from './strapi-accounts';

export { isReachable, RunError, StartError, SUPER_ADMIN };
export type { Answer, DatabaseKind, PermissionInput };

export type StartOptions = {
  /** Default: sqlite. Of a server, a database is made and dropped again. */
  database?: DatabaseKind;
  /** The plugin's configuration, laid over the playground's own. */
  config?: object;
  /** Further environment; PLAYGROUND_WITHOUT_PLUGIN, LOG_LEVEL, PORT and NODE_ENV are of use. */
  env?: Record<string, string>;
  /** Where the SQLite file and uploads are, kept after stop; default: a temporary folder. */
  dataDir?: string;
  /** The app's folder; default: the playground (see copyPlayground). */
  appDir?: string;
  /** Serve the built admin panel (see ensureBuilt); default: no. */
  withAdmin?: boolean;
};

export type Admin = { id: number; email: string; password: string; token: string; request: Call };

export interface App {
  readonly url: string;
  readonly pid: number;
  /**
   * Runs a function inside Strapi. Its *source* is sent, so it sees its two arguments and `require`,
   * and nothing of the file it is written in; arguments and result travel as JSON. What it throws
   * is thrown here, with name, message and details.
   */
  run<T, A = undefined>(fn: (strapi: any, args: A) => T | Promise<T>, args?: A): Promise<T>;
  /** An HTTP call; with the super administrator's token unless told otherwise. */
  request: Call;
  /** A call of the content API; `path` without /api. With a full-access token unless told otherwise. */
  contentApi: Call;
  /** The admin token of this login; throws where it is refused. */
  login(email: string, password: string): Promise<string>;
  /** A role's code such as `strapi-editor`, or what a new role may do (an action alone will do). */
  createAdmin(role: string | (string | PermissionInput)[]): Promise<Admin>;
  /** Everything that Strapi said, over all restarts. */
  logs(): string;
  /** Graceful (SIGTERM). Drops the database: an app that was stopped cannot be restarted. */
  stop(): Promise<void>;
  /** As a crash (SIGKILL). The database stays: `restart` starts again on it, `stop` drops it. */
  kill(): Promise<void>;
  /** Ends it gracefully if it still runs, and starts again: same database, same port. */
  restart(changes?: Pick<StartOptions, 'config' | 'env' | 'withAdmin'>): Promise<void>;
}

/** Of the runner's environment only what finding programs and files needs: tests decide the rest. */
const inherited = () =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'].map((name) => [
      name,
      process.env[name],
    ]),
  );

const MINUTE = 60_000;

/**
 * Retries come when a test turns the clock, unless it names a schedule of its own: of the default's first step, five
 * seconds, the dice may leave none, and the retry would come between two looks.
 */
const withoutDice = (config: { delivery?: object } = {}) => ({
  ...config,
  delivery: { schedule: [0, 10 * MINUTE, 60 * MINUTE], ...config.delivery },
});

const environment = (options: StartOptions, database: TestDatabase, port: number) => ({
  ...inherited(),
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: String(port),
  STRAPI_TELEMETRY_DISABLED: 'true',
  SERVE_ADMIN_PANEL: String(options.withAdmin ?? false),
  WORKFLOW_WEBHOOKS_CONFIG: JSON.stringify(withoutDice(options.config)),
  ...database.env,
  ...options.env,
});

class RunningApp implements App {
  private earlierLogs = '';
  private adminToken: Promise<string> | null = null;
  private apiToken: Promise<string> | null = null;
  private admins = 0;

  constructor(
    private options: StartOptions,
    private readonly database: TestDatabase,
    private strapi: StrapiProcess,
  ) {}

  get url() {
    return `http://127.0.0.1:${this.strapi.port}`;
  }

  get pid() {
    return this.strapi.pid;
  }

  run<T, A = undefined>(fn: (strapi: any, args: A) => T | Promise<T>, args?: A): Promise<T> {
    return this.strapi.run(fn.toString(), args) as Promise<T>;
  }

  request: Call = async (method, path, body, options = {}) => {
    const token = options.token === undefined ? await this.superAdminToken() : options.token;
    return this.call(path, { method, body, ...options, token });
  };

  contentApi: Call = async (method, path, body, options = {}) => {
    this.apiToken ??= this.run(makeApiToken);
    const token = options.token === undefined ? await this.apiToken : options.token;
    return this.call(`/api${path}`, { method, body, ...options, token });
  };

  async login(email: string, password: string): Promise<string> {
    const answer = await this.call('/admin/login', { method: 'POST', body: { email, password } });
    if (answer.status !== 200) {
      throw new Error(`Strapi refused the login of ${email}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body.data.token;
  }

  async createAdmin(role: string | (string | PermissionInput)[]): Promise<Admin> {
    const account = {
      email: `admin-${++this.admins}-${Date.now()}@example.com`,
      password: 'Playground1',
    };
    const permissions =
      typeof role === 'string'
        ? role
        : role.map((entry) => (typeof entry === 'string' ? { action: entry } : entry));
    const { id } = await this.run(makeAdmin, { ...account, role: permissions });
    const token = await this.login(account.email, account.password);
    const request: Call = (method, path, body, options) =>
      this.request(method, path, body, { token, ...options });
    return { id, ...account, token, request };
  }

  logs() {
    return this.earlierLogs + this.strapi.logs;
  }

  async stop() {
    try {
      await this.strapi.stop();
    } finally {
      await this.database.drop();
    }
  }

  kill() {
    return this.strapi.kill();
  }

  async restart(changes: Pick<StartOptions, 'config' | 'env' | 'withAdmin'> = {}) {
    await this.strapi.stop();
    this.earlierLogs += this.strapi.logs;
    this.options = { ...this.options, ...changes };
    this.strapi = await StrapiProcess.start(
      environment(this.options, this.database, this.strapi.port),
      this.options.appDir,
    );
  }

  private superAdminToken() {
    this.adminToken ??= this.login(SUPER_ADMIN.email, SUPER_ADMIN.password);
    return this.adminToken;
  }

  private call(path: string, request: { method: string; body?: unknown } & CallOptions) {
    return send<any>(this.url + path, request);
  }
}

/** Whether the app is the playground as it is, on a new database of its own: what a template holds. */
const isPlain = ({ appDir, dataDir, env = {} }: StartOptions): boolean =>
  !appDir && !dataDir && !env.PLAYGROUND_WITHOUT_PLUGIN && !env.DATABASE_CLIENT;

async function fillTemplate(kind: DatabaseKind, template: Template): Promise<void> {
  const database = await makeDatabase(kind, { dataDir: template.dir, name: template.name });
  const strapi = await StrapiProcess.start(environment({}, database, 0));
  await new RunningApp({}, database, strapi).run(makeSuperAdmin, SUPER_ADMIN);
  await strapi.stop();
}

/** Takes about 3 s. Rejects with a StartError, which holds what Strapi said, if it does not start. */
export async function startStrapi(options: StartOptions = {}): Promise<App> {
  const kind = options.database ?? 'sqlite';
  const template = isPlain(options)
    ? await templateOf(kind, (empty) => fillTemplate(kind, empty))
    : null;
  const database = await makeDatabase(kind, { dataDir: options.dataDir, template });
  try {
    const strapi = await StrapiProcess.start(environment(options, database, 0), options.appDir);
    const app = new RunningApp(options, database, strapi);
    await app.run(makeSuperAdmin, SUPER_ADMIN);
    return app;
  } catch (error) {
    await database.drop();
    throw error;
  }
}
