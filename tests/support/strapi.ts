/** A real Strapi for a test, the benchmark or the demo: the playground with a separate database. */
/* eslint max-params: ["error", 4] -- a call reads like HTTP: method, path, body; rare options come last. */
import { moduleCache, templateOf, type Template } from './database-template';
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
  /** Default: sqlite. On a server, a database is created and dropped again. */
  database?: DatabaseKind;
  /** The plugin's configuration; its keys replace the playground's. */
  config?: object;
  /** Further environment variables, such as PLAYGROUND_WITHOUT_PLUGIN, LOG_LEVEL, PORT and NODE_ENV. */
  env?: Record<string, string>;
  /** The folder of the SQLite file and the uploads, which stays after `stop`; default: a temporary folder. */
  dataDir?: string;
  /** The app's folder; default: the playground (see copyPlayground). */
  appDir?: string;
  /** Whether to serve the built admin panel (see ensureBuilt); default: false. */
  withAdmin?: boolean;
};

export type Admin = { id: number; email: string; password: string; token: string; request: Call };

export interface App {
  readonly url: string;
  readonly pid: number;
  /**
   * Runs a function inside Strapi. Its *source* is sent, so the function sees its two arguments and
   * `require`, but nothing of the file around it. Arguments and result are sent as JSON. Its errors
   * are thrown here, with name, message and details.
   */
  run<T, A = undefined>(fn: (strapi: any, args: A) => T | Promise<T>, args?: A): Promise<T>;
  /** An HTTP call; by default with the super administrator's token. */
  request: Call;
  /** A call of the content API; `path` without /api. By default with a full-access token. */
  contentApi: Call;
  /** Returns an admin token; throws if Strapi refuses the login. */
  login(email: string, password: string): Promise<string>;
  /** Creates an administrator. @param role a role's code such as `strapi-editor`, or the permissions of a new role. */
  createAdmin(role: string | (string | PermissionInput)[]): Promise<Admin>;
  /** The output of Strapi, over all restarts. */
  logs(): string;
  /** Stops gracefully (SIGTERM) and drops the database: a stopped app cannot be restarted. */
  stop(): Promise<void>;
  /** Kills Strapi, as a crash would (SIGKILL). The database stays: `restart` uses it again, `stop` drops it. */
  kill(): Promise<void>;
  /** Stops gracefully if Strapi still runs, and starts again with the same database and port. */
  restart(changes?: Pick<StartOptions, 'config' | 'env' | 'withAdmin'>): Promise<void>;
}

/** Passes on only the variables that are needed to find programs and files: tests set the rest. */
const inherited = () =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'].map((name) => [
      name,
      process.env[name],
    ]),
  );

const MINUTE = 60_000;

/**
 * Replaces the default schedule unless the test sets one: with a first step of five seconds, jitter could make the retry run
 * before the test turns the clock.
 */
const withFixedSchedule = (config: { delivery?: object } = {}) => ({
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
  WORKFLOW_WEBHOOKS_CONFIG: JSON.stringify(withFixedSchedule(options.config)),
  TEST_MODULE_CACHE: moduleCache(),
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

/** Whether the app is the unchanged playground on a new database: only then does the template fit. */
const isPlain = ({ appDir, dataDir, env = {} }: StartOptions): boolean =>
  !appDir && !dataDir && !env.PLAYGROUND_WITHOUT_PLUGIN && !env.DATABASE_CLIENT;

async function fillTemplate(kind: DatabaseKind, template: Template): Promise<void> {
  const database = await makeDatabase(kind, { dataDir: template.dir, name: template.name });
  const options = { env: { TEST_MODULE_CACHE_FILL: '1' } };
  const strapi = await StrapiProcess.start(environment(options, database, 0));
  await new RunningApp({}, database, strapi).run(makeSuperAdmin, SUPER_ADMIN);
  await strapi.stop();
}

/** Takes about 3 s. Rejects with a StartError, which contains Strapi's output, if Strapi does not start. */
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
