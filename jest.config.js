/* global module */
// Three projects: unit tests need nothing built; integration and e2e start real Strapis.
const project = (name, settings = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.{ts,tsx}`],
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Published as ES modules only, which jest cannot require.
  transformIgnorePatterns: ['/node_modules/(?!oauth4webapi/)'],
  // dist/ and the playground hold package.json files of the same names as the sources'.
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/playground/(build|.cache|.tmp|.strapi)'],
  ...settings,
});

/** @type {import('jest').Config} */
module.exports = {
  // Each test has databases, ports and keys of its own, and waits more than it works: three side by side keep two
  // cores busy. With one worker jest would run in this process, and wait for ever for whatever a test left open.
  maxWorkers: 3,
  // Of the whole run, and so not of a project: jest takes it from here only.
  testTimeout: 240_000,
  projects: [
    project('unit'),
    project('integration', {
      globalSetup: '<rootDir>/tests/support/build-plugin.ts',
      globalTeardown: '<rootDir>/tests/support/remove-templates.ts',
    }),
    project('e2e', {
      globalSetup: '<rootDir>/tests/support/build-panel.ts',
      globalTeardown: '<rootDir>/tests/support/remove-templates.ts',
    }),
  ],
};
