import { readFileSync } from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The rooms of a folder, from the ground up: a room imports only from itself and from rooms before it in this list. */
const floorsIn = (file) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'tests/support', file), 'utf8'));
const FLOORS = floorsIn('floors.json');
const ADMIN_FLOORS = floorsIn('admin-floors.json');

/**
 * An import from a room above. Type imports count too: they tie the rooms together just as much. By the name of the rule that
 * knows TypeScript: a later rule of the same name for the same files would replace this one.
 */
const upwards = (folder, floors) => (room, at) => ({
  files: [`${folder}/${room}/**`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${floors.slice(at + 1).join('|')})/`,
            message: `${room}/ may not import from a room above it (tests/support/*floors.json). Declare what you need as a type, and let the caller hand it in.`,
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      'dist',
      'coverage',
      'tests/.artifacts',
      'playground/{.cache,.tmp,.strapi,build,dist,types}/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // A factory is a room of small functions, and is counted whole; what grows in the dark is branching.
      'max-lines-per-function': ['error', { max: 130, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['admin/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // JSX is tall by nature; a component is judged by what it does, not by its tags.
      'max-lines-per-function': ['error', { max: 160, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Ours can be read in both themes, return the focus, and do not lose what was typed.
    files: ['admin/**/*.tsx'],
    ignores: ['admin/components/{badge,modal-frame}.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: '@strapi/design-system',
          importNames: ['Badge', 'Modal'],
          message: 'Use components/badge and components/modal-frame.',
        },
      ],
    },
  },
  ...FLOORS.slice(0, -1).map(upwards('server', FLOORS)),
  ...ADMIN_FLOORS.slice(0, -1).map(upwards('admin', ADMIN_FLOORS)),
  {
    // What the panel and the server agree on.
    files: ['server/contract/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!zod$|\\./[a-z-]+$)', message: 'The contract imports zod only.' },
          ],
        },
      ],
    },
  },
  {
    files: ['admin/**'],
    ignores: ['admin/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: 'server/(?!contract/)', message: 'The panel imports the contract only.' },
          ],
        },
      ],
    },
  },
  {
    // Plain JavaScript that Node runs as it is, beside the bundle.
    files: ['server/cli/**'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: {
      globals: { AbortController: 'readonly', process: 'readonly', require: 'readonly' },
    },
  },
  {
    files: ['tests/**', 'bench/**', 'playground/**'],
    rules: {
      'no-console': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
    languageOptions: {
      globals: {
        strapi: 'readonly',
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
