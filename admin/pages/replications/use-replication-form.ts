/** The state of the form of a replication: what is typed, what the server says of it, and saving it. */
import * as React from 'react';
import type { Replication } from '../../../server/contract/replication';
import { isAborted, problemOf, type FieldProblems } from '../../api/problem';
import { sentenceOf } from '../../api/problem-sentence';
import { useApi } from '../../api/use-api';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { draftOf, inputOf, isSame, type Draft } from './draft';

type Options = { stored: Replication | null; onSaved: (saved: Replication) => void };
type Failure = { message: string | null; fields: FieldProblems };

const NONE: Failure = { message: null, fields: {} };

export const useReplicationForm = ({ stored, onSaved }: Options) => {
  const api = useApi();
  const text = useText();
  const notice = useNotice();
  const [draft, setDraft] = React.useState(() => draftOf(stored));
  const [failure, setFailure] = React.useState(NONE);
  const [isSaving, setSaving] = React.useState(false);
  const isDirty = !isSame(draft, draftOf(stored));
  const isUnsaved = React.useRef(isDirty);
  isUnsaved.current = isDirty;

  const change = (patch: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    const fields = Object.entries(failure.fields).filter(
      ([path]) => !((path.split('.')[0] ?? '') in patch),
    );
    setFailure({ ...failure, fields: Object.fromEntries(fields) });
  };

  const save = async () => {
    const input = inputOf(draft, stored);
    try {
      const { create, update } = api.replications;
      const saved = await (stored ? update(stored.id, input) : create(input));
      isUnsaved.current = false;
      setFailure(NONE);
      setDraft(draftOf(saved));
      notice.done(text('authorizations.saved', { name: saved.name }));
      onSaved(saved);
    } catch (error) {
      if (isAborted(error)) return;
      const problem = problemOf(error);
      const isAtFields = Object.keys(problem.fields).length > 0;
      setFailure({
        message: isAtFields ? null : sentenceOf(problem, text),
        fields: problem.fields,
      });
    }
  };

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    setSaving(true);
    await save();
    setSaving(false);
  };

  const hasUnsaved = React.useCallback(() => isUnsaved.current, []);
  const { fields: problems, message } = failure;
  return { draft, change, problems, failure: message, isSaving, isDirty, hasUnsaved, submit };
};

export type ReplicationForm = ReturnType<typeof useReplicationForm>;
