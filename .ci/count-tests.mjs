// Prints how many tests passed, from jest's report, and fails if a test failed, was skipped or is a todo.
// With --slowest, it first lists the twenty slowest test files.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const SLOWEST = 20;
const print = (line) => process.stdout.write(`${line}\n`);

function printSlowest(files) {
  const timed = files.map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime }));
  timed.sort((one, other) => other.ms - one.ms);
  for (const { name, ms } of timed.slice(0, SLOWEST)) {
    print(`${(ms / 1000).toFixed(1).padStart(7)} s  ${path.relative(process.cwd(), name)}`);
  }
}

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = report.numPendingTests + report.numTodoTests + report.numPendingTestSuites;

if (process.argv.includes('--slowest')) printSlowest(report.testResults);
if (skipped > 0) print(`${skipped} skipped: run every test, or delete it.`);
if (report.numPassedTests === 0) print('No test ran.');
if (failed + skipped > 0 || report.numPassedTests === 0) process.exitCode = 1;
print(`${report.numPassedTests} passed, ${failed} failed`);
