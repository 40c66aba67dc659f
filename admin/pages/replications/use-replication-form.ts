/** The state of the form of a replication: what is typed, what the server says of it, and saving it. */
import * as React from 'react';
import type { Replication } from '../../../server/contract/replication';
import { isAborted, problemOf, type FieldProblems } from '../../api/problem';
import { sentenceOf } from '../../api/problem-sentence';
import { useApi } from '../../api/use-api';
import { focusFirstProblem, stillWrong } from '../../components/form-problems';
import { useAfterRender } from '../../components/use-after-render';
import { useNotice } from '../../components/use-notice';
import { useConflict } from '../../forms/use-conflict';
import { useKept } from '../../session/use-kept';
import { useText } from '../../translations/use-text';
import { draftOf, inputOf, isSame, toKeep, type Draft } from './draft';

type Options = { stored: Replication | null; onSaved: (saved: Replication) => void };
type Failure = { message: string | null; fields: FieldProblems };

const NONE: Failure = { message: null, fields: {} };

export const useReplicationForm = ({ stored, onSaved }: Options) => {
  const api = useApi();
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  /** What the form was filled from. The page loads it again while it runs, and others may have saved it since. */
  const [shown, setShown] = React.useState(stored);
  const { kept, keep } = useKept<Draft>('replication');
  const [draft, setDraft] = React.useState(() => kept?.draft ?? draftOf(stored));
  const [failure, setFailure] = React.useState(NONE);
  const [isSaving, setSaving] = React.useState(false);
  const conflict = useConflict(stored, kept);
  const sent = React.useRef<HTMLFormElement | null>(null);
  const isDirty = !isSame(draft, draftOf(shown));
  const isUnsaved = React.useRef(isDirty);
  isUnsaved.current = isDirty;
  keep(() => (isUnsaved.current ? { ...toKeep(draft), version: conflict.version() } : null));

  const change = (patch: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    setFailure({ ...failure, fields: stillWrong(failure.fields, patch) });
  };

  const show = (replication: Replication) => {
    isUnsaved.current = false;
    setFailure(NONE);
    setShown(replication);
    setDraft(draftOf(replication));
    conflict.shows(replication);
  };

  const save = async (form: HTMLFormElement) => {
    const input = inputOf(draft, stored);
    try {
      const { create, update } = api.replications;
      const updatedAt = conflict.version();
      const saved = await (stored ? update(stored.id, { ...input, updatedAt }) : create(input));
      show(saved);
      notice.done(text('common.saved', { name: saved.name }));
      onSaved(saved);
    } catch (error) {
      if (conflict.take(error) || isAborted(error)) return;
      const problem = problemOf(error);
      const isAtFields = Object.keys(problem.fields).length > 0;
      setFailure({
        message: isAtFields ? null : sentenceOf(problem, text),
        fields: problem.fields,
      });
      if (isAtFields) afterRender(() => focusFirstProblem(form));
    }
  };

  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (isSaving) return;
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
    const replication = await api.replications.get(stored.id);
    show(replication);
    onSaved(replication);
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

export type ReplicationForm = ReturnType<typeof useReplicationForm>;
