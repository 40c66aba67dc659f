/** Checks the form, sends it, and brings what the server says against it back to its rows. */
import * as React from 'react';
import type { Workflow, WorkflowInput } from '../../../server/contract/workflow';
import { isAborted, problemOf } from '../../api/problem';
import { sentenceOf } from '../../api/problem-sentence';
import { useApi } from '../../api/use-api';
import { useAfterRender } from '../../components/use-after-render';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { draftOf, inputOf } from './draft';
import { rowProblems } from './problems';
import type { WorkflowForm } from './use-workflow-form';

/** Where the summary of what is wrong stands; the eye and the screen reader are led there. */
export const SUMMARY_ID = 'workflow-problems';

const showSummary = () => {
  const summary = document.getElementById(SUMMARY_ID);
  summary?.scrollIntoView({ block: 'center' });
  summary?.focus({ preventScroll: true });
};

type Options = {
  /** Null: it is made. */
  id: string | null;
  done: (saved: Workflow) => void;
};

export const useSave = (form: WorkflowForm, { id, done }: Options) => {
  const api = useApi();
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  const [isSaving, setSaving] = React.useState(false);
  /** What concerns no field, such as a server that cannot be reached. */
  const [failure, setFailure] = React.useState<string | null>(null);
  /** Read at the moment of leaving, which after a save comes before the next render. */
  const isDirty = React.useRef(form.isDirty);
  isDirty.current = form.isDirty;

  const send = (input: WorkflowInput) =>
    id === null ? api.workflows.create(input) : api.workflows.update(id, input);

  /** Documents may have moved since the page was loaded: the dialogs then have to know. */
  const usageNow = async () =>
    id === null ? undefined : (await api.workflows.get(id).catch(() => undefined))?.usage;

  const refuse = async (error: unknown) => {
    if (isAborted(error)) return;
    const problem = problemOf(error);
    const isPlaced = Object.keys(problem.fields).length > 0;
    setFailure(isPlaced ? null : sentenceOf(problem, text));
    form.report(rowProblems(form.draft, problem.fields), isPlaced ? await usageNow() : undefined);
    afterRender(showSummary);
  };

  const save = async () => {
    if (isSaving) return;
    setFailure(null);
    form.attempt();
    if (!form.isSound) return afterRender(showSummary);
    setSaving(true);
    try {
      const saved = await send(inputOf(form.draft));
      isDirty.current = false;
      form.reset(draftOf(saved), saved.usage);
      notice.done(text('common.saved', { name: saved.name }));
      done(saved);
    } catch (error) {
      await refuse(error);
    } finally {
      setSaving(false);
    }
  };

  const hasUnsaved = React.useCallback(() => isDirty.current, []);
  return { save, isSaving, hasUnsaved, failure };
};
