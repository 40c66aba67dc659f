/** The state of the authorization form: what is typed, what is wrong with it, and saving it. */
import * as React from 'react';
import type { Authorization } from '../../../server/contract/authorization';
import { authorizations } from '../../services/authorizations';
import { problemOf, sentenceOf, type FieldProblems } from '../../services/problem';
import { useCall, useFetch } from '../../services/use-load';
import { focusFirstProblem, stillWrong } from '../../forms/form-problems';
import { useAfterRender } from '../../forms/use-after-render';
import { useNotice } from '../../components/use-notice';
import { useConflict, type FormConflict } from '../../forms/use-conflict';
import { useKept, type Kept } from '../../forms/use-kept';
import { useText, type Text } from '../../translations/use-text';
import { draftOf, inputOf, isSameDraft, problemsIn, toKeep, toldOf, type Draft } from './draft';

type Options = { stored: Authorization | null; onSaved?: (saved: Authorization) => void };
type Failure = { message: string | null; fields: FieldProblems };

const NO_FAILURE: Failure = { message: null, fields: {} };

export type AuthorizationForm = {
  draft: Draft;
  change: (patch: Partial<Draft>) => void;
  /** By field of the draft. */
  problems: FieldProblems;
  /** What concerns no field, such as a missing encryption key; null if nothing does. */
  failure: string | null;
  isSaving: boolean;
  isDirty: boolean;
  /** The same at the moment of leaving, which after a save comes before the next render. */
  hasUnsaved: () => boolean;
  submit: (event: React.FormEvent<HTMLFormElement>) => Promise<void>;
  conflict: FormConflict;
  /** Shows what is stored in place of what was typed. */
  reload: () => Promise<void>;
  overwrite: () => void;
};

/** Where no field is to blame, the server's own sentence; beside marked fields, what the form does not show. */
const failureOf = (error: unknown, draft: Draft, text: Text): Failure => {
  const problem = problemOf(error);
  const { fields, others } = toldOf(draft, problem.fields);
  const isAnyTold = Object.keys(fields).length > 0 || others.length > 0;
  const sentences = isAnyTold ? others : [sentenceOf(problem, text)];
  return { message: sentences.join(' ') || null, fields };
};

/** Another kind, or another source of the token, shows other fields. */
const problemsAfter = (fields: FieldProblems, patch: Partial<Draft>): FieldProblems =>
  'kind' in patch || 'tokenSource' in patch ? {} : stillWrong(fields, patch);

const useDraft = (stored: Authorization | null, kept: Kept<Draft> | null) => {
  const [{ draft, saved }, set] = React.useState(() => {
    const initial = draftOf(stored);
    return { draft: kept?.draft ?? initial, saved: initial };
  });
  const isDirty = React.useMemo(() => !isSameDraft(stored, draft, saved), [stored, draft, saved]);
  return {
    draft,
    isDirty,
    patch: (patch: Partial<Draft>) =>
      set((before) => ({ ...before, draft: { ...before.draft, ...patch } })),
    settle: (settled: Draft) => set({ draft: settled, saved: settled }),
  };
};

export const useAuthorizationForm = ({ stored, onSaved }: Options): AuthorizationForm => {
  const create = useCall(authorizations.create);
  const update = useCall(authorizations.update);
  const fetch = useFetch(authorizations.one);
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  const { kept, keep } = useKept<Draft>('authorization');
  const { draft, isDirty, patch, settle } = useDraft(stored, kept);
  const [failure, setFailure] = React.useState(NO_FAILURE);
  const [isSaving, setSaving] = React.useState(false);
  const conflict = useConflict(stored, kept);
  const sent = React.useRef<HTMLFormElement | null>(null);
  const isUnsaved = React.useRef(isDirty);
  isUnsaved.current = isDirty;
  keep(() => (isUnsaved.current ? { ...toKeep(draft), version: conflict.version() } : null));

  const change = (changes: Partial<Draft>) => {
    patch(changes);
    setFailure({ ...failure, fields: problemsAfter(failure.fields, changes) });
  };

  const refuse = (form: HTMLFormElement, refused: Failure) => {
    setFailure(refused);
    afterRender(() => focusFirstProblem(form));
  };

  const show = (shown: Authorization) => {
    isUnsaved.current = false;
    setFailure(NO_FAILURE);
    settle(draftOf(shown));
    conflict.shows(shown);
  };

  const save = async (form: HTMLFormElement) => {
    const input = inputOf(draft, stored);
    try {
      const updatedAt = conflict.version();
      const saved = await (stored
        ? update({ id: stored.id, input: { ...input, updatedAt } })
        : create(input));
      show(saved);
      notice.done(text('common.saved', { name: saved.name }));
      onSaved?.(saved);
    } catch (error) {
      if (!conflict.take(error)) refuse(form, failureOf(error, draft, text));
    }
  };

  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (isSaving) return;
    const { fields, others } = problemsIn(draft, stored);
    if (Object.keys(fields).length > 0 || others.length > 0) {
      return refuse(form, { message: others.join(' ') || null, fields });
    }
    sent.current = form;
    await send();
  };

  const send = async () => {
    if (!sent.current) return;
    setSaving(true);
    await save(sent.current);
    setSaving(false);
  };

  const reload = async () => {
    if (!stored) return;
    show(await fetch(stored.id));
  };

  const hasUnsaved = React.useCallback(() => isUnsaved.current, []);
  const { fields: problems, message } = failure;
  return {
    draft,
    change,
    problems,
    failure: message,
    isSaving,
    isDirty,
    hasUnsaved,
    submit,
    conflict,
    reload,
    overwrite: () => void send(),
  };
};
