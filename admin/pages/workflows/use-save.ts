/** Checks the form, sends it, and brings what the server says against it back to its rows. */
import * as React from 'react';
import { PUBLICATION, type Workflow, type WorkflowInput } from '../../../server/contract/workflow';
import { problemOf, sentenceOf } from '../../services/problem';
import { useCall, useFetch } from '../../services/use-load';
import { workflows } from '../../services/workflows';
import { useAfterRender } from '../../forms/use-after-render';
import { useNotice } from '../../components/use-notice';
import { useConflict } from '../../forms/use-conflict';
import type { Kept } from '../../forms/use-kept';
import { useText } from '../../translations/use-text';
import { draftOf, inputOf, type Draft } from './draft';
import { rowProblems } from './problems';
import { leavingTypes, type Leaving } from './removal';
import type { WorkflowForm } from './use-workflow-form';

/** Where the summary of what is wrong stands; the eye and the screen reader are led there. */
export const SUMMARY_ID = 'workflow-problems';

const showSummary = () => {
  const summary = document.getElementById(SUMMARY_ID);
  summary?.scrollIntoView({ block: 'center' });
  summary?.focus({ preventScroll: true });
};

type Options = {
  /** What was typed before the session ended. */
  kept: Kept<Draft> | null;
  /** Null: it is made. */
  stored: Workflow | null;
  done?: (saved: Workflow) => void;
};

export const useSave = (form: WorkflowForm, { stored, kept, done }: Options) => {
  const create = useCall(workflows.create);
  const update = useCall(workflows.update);
  const fetch = useFetch(workflows.one);
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  const [isSaving, setSaving] = React.useState(false);
  /** What concerns no field, such as a server that cannot be reached. */
  const [failure, setFailure] = React.useState<string | null>(null);
  const conflict = useConflict(stored, kept);
  /** Content types that go with their documents' states, which is asked about first. */
  const [releasing, setReleasing] = React.useState<Leaving[]>([]);
  const meant = React.useRef<readonly string[]>([]);
  /** Read at the moment of leaving, which after a save comes before the next render. */
  const isDirty = React.useRef(form.isDirty);
  isDirty.current = form.isDirty;

  const send = (input: WorkflowInput) =>
    stored === null
      ? create(input)
      : update({ id: stored.id, input: { ...input, updatedAt: conflict.version() } });

  const inputNow = (): WorkflowInput => {
    const { moveTo, ...input } = inputOf(form.draft);
    const released = meant.current.map((uid) => [uid, PUBLICATION]);
    return { ...input, moveTo: { ...moveTo, ...Object.fromEntries(released) } };
  };

  /** Documents may have moved since the page was loaded: the dialogs then have to know. */
  const usageNow = async () =>
    stored === null ? undefined : (await fetch(stored.id).catch(() => undefined))?.usage;

  const refuse = async (error: unknown) => {
    if (conflict.take(error)) return;
    const problem = problemOf(error);
    const isPlaced = Object.keys(problem.fields).length > 0;
    setFailure(isPlaced ? null : sentenceOf(problem, text));
    form.report(rowProblems(form.draft, problem.fields), isPlaced ? await usageNow() : undefined);
    afterRender(showSummary);
  };

  const show = (workflow: Workflow) => {
    isDirty.current = false;
    meant.current = [];
    form.reset(draftOf(workflow), workflow.usage);
    conflict.shows(workflow);
  };

  const reload = async () => {
    if (stored === null) return;
    show(await fetch(stored.id));
  };

  const release = () => {
    meant.current = releasing.map(({ uid }) => uid);
    return save();
  };

  const save = async () => {
    if (isSaving) return;
    setFailure(null);
    form.attempt();
    if (!form.isSound) return afterRender(showSummary);
    const leaving = leavingTypes(form.draft, form.usage);
    if (leaving.some(({ uid }) => !meant.current.includes(uid))) return setReleasing(leaving);
    setSaving(true);
    try {
      const saved = await send(inputNow());
      show(saved);
      notice.done(text('common.saved', { name: saved.name }));
      done?.(saved);
    } catch (error) {
      await refuse(error);
    } finally {
      setSaving(false);
    }
  };

  const hasUnsaved = React.useCallback(() => isDirty.current, []);
  return {
    save,
    isSaving,
    hasUnsaved,
    failure,
    conflict,
    reload,
    releasing,
    release,
    keep: () => setReleasing([]),
  };
};

export type Saving = ReturnType<typeof useSave>;
