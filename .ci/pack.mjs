// Packs the plugin into a folder, checks the files of the package, and writes the package.json of an
// app that depends on it. Usage: node .ci/pack.mjs <folder>
/* global URL */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const print = (line) => process.stdout.write(`${line}\n`);

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(process.argv[2]);
const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const [pack] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root }),
);
const files = pack.files.map((file) => file.path);
const isExpected = (file) =>
  /^(dist\/|docs\/|package\.json$|LICENSE$|(README|CHANGELOG|CONTRIBUTING)\.md$|server\/cli\/[a-z-]+\.js$)/.test(
    file,
  );
const expected = ['dist/server/index.js', 'dist/admin/index.js', 'package.json', 'README.md'];
const problems = [
  ...files.filter((file) => !isExpected(file)).map((file) => `${file} is unexpected`),
  ...expected.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
];
if (problems.length > 0) throw new Error(`The package has wrong files: ${problems}`);
print(`${pack.filename}: ${files.length} files, ${Math.round(pack.size / 1024)} kB`);

const NEEDED = [
  '@strapi/strapi',
  '@strapi/plugin-users-permissions',
  'better-sqlite3',
  'react',
  'react-dom',
  'react-router-dom',
  'styled-components',
];
const dependencies = Object.fromEntries(NEEDED.map((name) => [name, devDependencies[name]]));
const app = {
  name: 'clean-app',
  private: true,
  version: '0.0.0',
  dependencies: { ...dependencies, 'strapi-plugin-workflow-webhooks': `file:${pack.filename}` },
};
writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(app, null, 2)}\n`);
