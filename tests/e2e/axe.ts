/** Finds the serious accessibility violations of a page with axe-core. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const SERIOUS = ['critical', 'serious'];

type Node = { target: unknown[]; html: string; failureSummary?: string };
type Violation = { id: string; impact?: string | null; help: string; nodes: Node[] };

/** Passed as text, because the compiler would add helpers that the browser lacks. */
const run = (within: string) => `axe.run(
  { include: [${JSON.stringify(within)}] },
  { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] },
).then(({ violations }) => violations)`;

/**
 * One line for each element with a violation. `within` is the plugin's part of the page, because Strapi's
 * navigation has violations too.
 */
export const violationsIn = async (page: Page, within: string): Promise<string[]> => {
  await page.evaluate(`if (!window.axe) { ${axe.source} }`);
  const found = await page.evaluate<Violation[]>(run(within));
  return found
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) =>
        [id, html.slice(0, 300), failureSummary.split('\n')[1]?.trim()].join(' | '),
      ),
    );
};
