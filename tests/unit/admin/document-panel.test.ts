/** When the panel is shown, what a comment needs, and what the address of a list says. */
import { commentProblem } from '../../../admin/content-manager/comment';
import {
  localeOf,
  stateFilterOf,
  withStateFilter,
} from '../../../admin/content-manager/content-query';
import { problemOf, isOutOfSight } from '../../../admin/services/problem';
import { titleOf } from '../../../admin/content-manager/list/title';
import { hasOwnStates, hasPanel } from '../../../admin/services/own-states';
import type { DocumentWorkflow } from '../../../server/contract/document';
import { MAX_COMMENT } from '../../../server/contract/workflow';

const document = (over: Partial<DocumentWorkflow> = {}): DocumentWorkflow => ({
  workflow: { id: '1', name: 'Editorial' },
  state: null,
  commands: [],
  history: [],
  states: [],
  isValidated: false,
  mayBypass: false,
  busy: null,
  ...over,
});
const publication = { id: 'publication', name: 'Publication' };
const entry = { outcome: 'refused' } as DocumentWorkflow['history'][number];

describe('The panel', () => {
  test('is shown for a workflow of its own, and not without one', () => {
    expect(hasPanel(document())).toBe(true);
    expect(hasPanel(document({ workflow: null }))).toBe(false);
  });

  test('is shown for publication only where validations are asked, or were', () => {
    expect(hasPanel(document({ workflow: publication }))).toBe(false);
    expect(hasPanel(document({ workflow: publication, isValidated: true }))).toBe(true);
    expect(hasPanel(document({ workflow: publication, history: [entry] }))).toBe(true);
  });

  test('has states to show in lists only for a workflow of its own or of review stages', () => {
    expect(hasOwnStates({ workflow: { id: 'review-workflows:1', name: 'Review' } })).toBe(true);
    expect(hasOwnStates({ workflow: publication })).toBe(false);
    expect(hasOwnStates({ workflow: null })).toBe(false);
  });
});

describe('A comment', () => {
  test('is missed only where the command needs one', () => {
    expect(commentProblem('  ', 'required')).toBe('missing');
    expect(commentProblem('', 'optional')).toBeNull();
    expect(commentProblem('Fine.', 'required')).toBeNull();
  });

  test('has as many characters as the server takes', () => {
    expect(commentProblem('x'.repeat(MAX_COMMENT), 'optional')).toBeNull();
    expect(commentProblem('x'.repeat(MAX_COMMENT + 1), 'optional')).toBe('tooLong');
  });
});

describe('The address of a list', () => {
  const i18n = { locale: 'fr' };

  test('says the language and the state that it is narrowed to', () => {
    const query = { plugins: { i18n, 'workflow-webhooks': { workflowState: 'review' } } };
    expect(localeOf(query)).toBe('fr');
    expect(stateFilterOf(query)).toBe('review');
    expect(localeOf({})).toBeNull();
    expect(stateFilterOf({})).toBeNull();
  });

  test('is narrowed and widened again without touching what other plugins keep there', () => {
    const narrowed = withStateFilter({ plugins: { i18n } }, 'review');
    expect(narrowed).toEqual({ i18n, 'workflow-webhooks': { workflowState: 'review' } });
    expect(withStateFilter({ plugins: narrowed }, null)).toEqual({ i18n });
  });
});

describe('A failed request', () => {
  test("keeps the server's words, and none of the browser's", () => {
    expect(problemOf({ status: 400, message: 'Busy.' }).message).toBe('Busy.');
    expect(problemOf({ message: 'Failed to fetch' })).toMatchObject({
      status: 0,
      message: null,
    });
  });

  test('for what this user may not see shows nothing instead of an error', () => {
    expect([403, 404].map((status) => isOutOfSight({ status }))).toEqual([true, true]);
    expect([400, 500].map((status) => isOutOfSight({ status }))).toEqual([false, false]);
  });
});

describe('A document in the results', () => {
  test('is called by the field that titles its list, else by its id', () => {
    expect(titleOf({ documentId: 'abc', title: 'News' }, 'title')).toBe('News');
    expect(titleOf({ documentId: 'abc', title: '' }, 'title')).toBe('abc');
    expect(titleOf({ documentId: 'abc', id: 7 }, 'id')).toBe('abc');
    expect(titleOf({ documentId: 'abc' }, undefined)).toBe('abc');
  });
});
