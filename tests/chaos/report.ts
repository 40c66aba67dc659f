/** The result of a run as text for a terminal. Pure. */
import type { Result } from './run';

const LINES = 8;

const faultCounts = ({ faults }: Result) =>
  Object.entries(faults)
    .filter(([, count]) => count > 0)
    .map(([fault, count]) => `${fault} ${count}`)
    .join(', ');

const problemLines = ({ problems }: Result): string[] => {
  const rules = [...new Set(problems.map(({ rule }) => rule))];
  return rules.flatMap((rule) => {
    const broken = problems.filter((problem) => problem.rule === rule);
    const shown = broken.slice(0, LINES).map(({ detail }) => `    ${detail}`);
    const rest = broken.length - shown.length;
    return [
      `  BROKEN (${broken.length}): ${rule}`,
      ...shown,
      ...(rest > 0 ? [`    and ${rest} more`] : []),
    ];
  });
};

export const reportOf = (result: Result): string => {
  const { plan, figures, seconds } = result;
  return [
    `${plan.database}, engine ${plan.engine}, ${plan.processes} process(es), seed ${plan.seed}, ${seconds} s`,
    `  faults: ${faultCounts(result)}`,
    `  ${figures.events} committed changes (${figures.unanswered} of them unanswered), ${figures.rolledBack} rolled back`,
    `  ${figures.deliveries} deliveries, ${figures.requests} requests`,
    `  duplicates: ${figures.duplicates} of ${figures.inFlight} in flight during a fault`,
    `  lost: ${figures.lost}`,
    ...problemLines(result),
  ].join('\n');
};
