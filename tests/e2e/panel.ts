/** A real browser with the built panel of a real Strapi, logged in as the super administrator. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium';
import { startStrapi, SUPER_ADMIN, type App, type StartOptions } from '../support/strapi';

const ARTIFACTS = path.resolve(__dirname, '../.artifacts');
const PATIENCE = 60_000;

export type Panel = {
  app: App;
  page: Page;
  /** Uncaught errors of the pages. */
  complaints: string[];
  /** Calls the plugin's API as the super administrator. Returns the data, or throws the error. */
  api<T = any>(method: string, path: string, body?: object): Promise<T>;
  goTo(place: string): Promise<void>;
  /** Saves a screenshot of the page, to analyse a failure. */
  picture(name: string): Promise<void>;
  /** Logs in another user in a separate browser window. */
  loggedInAs(email: string, password: string): Promise<Page>;
  close(): Promise<void>;
};

const logIn = async (page: Page, app: App, account: { email: string; password: string }) => {
  await page.goto(`${app.url}/admin/auth/login`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password', { exact: false }).first().fill(account.password);
  await page.getByRole('button', { name: 'Login' }).click();
  await page.waitForURL((url) => !url.pathname.includes('/auth/'));
};

/**
 * Draws ten times a second: an idle headless Chromium runs no idle callbacks, but Strapi waits for one before it shows
 * panels and actions. Each drawing costs CPU time. The code is a text because the compiler would add helpers that the
 * browser lacks.
 */
const KEEP_DRAWING = 'setInterval(() => requestAnimationFrame(() => undefined), 100)';

const newPage = async (
  browser: Browser,
  complaints: string[],
): Promise<{ context: BrowserContext; page: Page }> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.addInitScript({ content: KEEP_DRAWING });
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page };
};

export const openPanel = async (options: StartOptions): Promise<Panel> => {
  const app = await startStrapi({ ...options, withAdmin: true });
  const browser = await launchChromium();
  const complaints: string[] = [];
  const { page } = await newPage(browser, complaints);
  await logIn(page, app, SUPER_ADMIN);
  return {
    app,
    page,
    complaints,
    api: async (method, path, body) => {
      const answer = await app.request(method, `/workflow-webhooks${path}`, body);
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
      return answer.body.data;
    },
    goTo: async (place) => {
      await page.goto(`${app.url}/admin${place}`);
    },
    picture: async (name) => {
      await mkdir(ARTIFACTS, { recursive: true });
      await page.screenshot({ path: path.join(ARTIFACTS, `${name}.png`) });
    },
    loggedInAs: async (email, password) => {
      const other = await newPage(browser, complaints);
      await logIn(other.page, app, { email, password });
      return other.page;
    },
    close: async () => {
      await browser.close();
      await app.stop();
    },
  };
};
