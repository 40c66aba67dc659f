// Says how many tests passed, by jest's own report, and fails if one failed, was skipped or is only planned.
// With --slowest it first lists the twenty test files that took longest.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const SLOWEST = 20;
const say = (line) => process.stdout.write(`${line}\n`);

function saySlowest(files) {
  const timed = files.map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime }));
  timed.sort((one, other) => other.ms - one.ms);
  for (const { name, ms } of timed.slice(0, SLOWEST)) {
    say(`${(ms / 1000).toFixed(1).padStart(7)} s  ${path.relative(process.cwd(), name)}`);
  }
}

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = report.numPendingTests + report.numTodoTests + report.numPendingTestSuites;

if (process.argv.includes('--slowest')) saySlowest(report.testResults);
if (skipped > 0) say(`${skipped} skipped: every test is to run, or to be deleted.`);
if (report.numPassedTests === 0) say('No test ran.');
if (failed + skipped > 0 || report.numPassedTests === 0) process.exitCode = 1;
say(`${report.numPassedTests} passed, ${failed} failed`);
