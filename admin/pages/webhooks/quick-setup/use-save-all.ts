/** Saves the endpoints that were changed: all are checked first, and what the server says of one stays at that one. */
import * as React from 'react';
import { problemOf } from '../../../services/problem';
import { useAfterRender } from '../../../forms/use-after-render';
import { useNotice } from '../../../components/use-notice';
import { useText } from '../../../translations/use-text';
import { focusFirstProblem } from '../../../forms/form-problems';
import type { CategoryForm } from './use-category';

/** A signing secret that is shown this once, and the webhook that it is of. */
type Secret = { name: string; secret: string };

export const useSaveAll = (parts: readonly CategoryForm[]) => {
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  const [isSaving, setSaving] = React.useState(false);
  const [secrets, setSecrets] = React.useState<Secret[]>([]);
  const changed = parts.filter(({ form }) => form.isDirty);
  const isDirty = changed.length > 0;
  const unsaved = React.useRef(isDirty);
  unsaved.current = isDirty;

  /** False where it was refused: the others are saved all the same. */
  const saveOne = async ({ form, save, conflict }: CategoryForm): Promise<boolean> => {
    try {
      const { name, secret } = await save();
      if (secret) setSecrets((before) => [...before, { name, secret }]);
      notice.done(text('common.saved', { name }));
      return true;
    } catch (error) {
      if (conflict.take(error)) return false;
      form.report(problemOf(error).fields);
      notice.failed(error);
      return false;
    }
  };

  const save = async () => {
    // Every one is checked, so that each shows what is wrong with it.
    if (changed.map(({ form }) => form.check()).includes(false)) {
      notice.warn(text('common.notSaved'));
      return afterRender(focusFirstProblem);
    }
    setSaving(true);
    const saved: boolean[] = [];
    for (const part of changed) saved.push(await saveOne(part));
    setSaving(false);
    if (saved.includes(false)) afterRender(focusFirstProblem);
  };

  const hasUnsaved = React.useCallback(() => unsaved.current, []);
  const nextSecret = () => setSecrets((before) => before.slice(1));
  return { save, saveOne, isSaving, isDirty, hasUnsaved, secret: secrets[0] ?? null, nextSecret };
};
