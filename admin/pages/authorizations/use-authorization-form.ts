/** The state of the authorization form: what is typed, what is wrong with it, and saving it. */
import * as React from 'react';
import type { Authorization } from '../../../server/contract/authorization';
import { fieldProblems, isAborted, problemOf, type FieldProblems } from '../../api/problem';
import { useApi } from '../../api/use-api';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { draftOf, inputOf, issuesOf, type Draft, type DraftField } from './draft';

type Options = { stored: Authorization | null; onSaved: (saved: Authorization) => void };
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
  hasUnsaved: () => boolean;
  submit: (event: React.FormEvent<HTMLFormElement>) => Promise<void>;
};

const isField = (draft: Draft, key: string): key is DraftField => Object.hasOwn(draft, key);

/** Messages of fields that the form does not show would be lost, so they become the general one. */
const failureOf = (
  error: unknown,
  { draft, fallback }: { draft: Draft; fallback: string },
): Failure => {
  const { message, fields } = problemOf(error);
  const known = Object.entries(fields).filter(([key]) => isField(draft, key));
  const others = Object.entries(fields).filter(([key]) => !isField(draft, key));
  const general = known.length === 0 && others.length === 0 ? [message ?? fallback] : [];
  const sentences = [...general, ...others.map(([, sentence]) => sentence)];
  return { message: sentences.join(' ') || null, fields: Object.fromEntries(known) };
};

/** Puts the cursor where the first message is, once it is there; screen readers then read it. */
const focusFirstProblem = (form: HTMLFormElement) =>
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());

export const useAuthorizationForm = ({ stored, onSaved }: Options): AuthorizationForm => {
  const api = useApi();
  const text = useText();
  const notice = useNotice();
  const [draft, setDraft] = React.useState(() => draftOf(stored));
  const [failure, setFailure] = React.useState(NO_FAILURE);
  const [isSaving, setSaving] = React.useState(false);
  /** Read at the moment of leaving, which after a save comes before the next render. */
  const isDirty = React.useRef(false);

  const change = (patch: Partial<Draft>) => {
    isDirty.current = true;
    setDraft((before) => ({ ...before, ...patch }));
    const fields = Object.entries(failure.fields).filter(([key]) => !(key in patch));
    setFailure({ ...failure, fields: Object.fromEntries(fields) });
  };

  const refuse = (form: HTMLFormElement, refused: Failure) => {
    setFailure(refused);
    focusFirstProblem(form);
  };

  const save = async (form: HTMLFormElement) => {
    const input = inputOf(draft, stored);
    try {
      const { create, update } = api.authorizations;
      const saved = await (stored ? update(stored.id, input) : create(input));
      isDirty.current = false;
      setFailure(NO_FAILURE);
      setDraft(draftOf(saved));
      notice.done(text('authorizations.saved', { name: saved.name }));
      onSaved(saved);
    } catch (error) {
      if (isAborted(error)) return;
      refuse(form, failureOf(error, { draft, fallback: text('common.unreachable') }));
    }
  };

  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (isSaving) return;
    const fields = fieldProblems(issuesOf(draft, stored));
    if (Object.keys(fields).length > 0) return refuse(form, { message: null, fields });
    setSaving(true);
    await save(form);
    setSaving(false);
  };

  const hasUnsaved = React.useCallback(() => isDirty.current, []);
  const { fields: problems, message } = failure;
  return { draft, change, problems, failure: message, isSaving, hasUnsaved, submit };
};
