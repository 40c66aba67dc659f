// Says how many tests passed, by jest's own report, and fails if one failed, was skipped or is only planned.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const say = (line) => process.stdout.write(`${line}\n`);

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = report.numPendingTests + report.numTodoTests + report.numPendingTestSuites;

if (skipped > 0) say(`${skipped} skipped: every test is to run, or to be deleted.`);
if (report.numPassedTests === 0) say('No test ran.');
if (failed + skipped > 0 || report.numPassedTests === 0) process.exitCode = 1;
say(`${report.numPassedTests} passed, ${failed} failed`);
