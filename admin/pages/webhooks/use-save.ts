/** Checks a form, sends it, and brings what the server says against it back to its fields. */
import * as React from 'react';
import type { Webhook } from '../../../server/contract/webhook';
import { problemOf } from '../../services/problem';
import { focusFirstProblem } from '../../forms/form-problems';
import { useAfterRender } from '../../forms/use-after-render';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import { draftOf } from './draft';
import type { WebhookForm } from './use-webhook-form';

type Steps = {
  send: () => Promise<Webhook>;
  done: (saved: Webhook) => void;
  /** True for a refusal that is asked about elsewhere. */
  take?: (error: unknown) => boolean;
};

export const useSave = (form: WebhookForm, { send, done, take }: Steps) => {
  const text = useText();
  const notice = useNotice();
  const afterRender = useAfterRender();
  const [isSaving, setSaving] = React.useState(false);
  const isDirty = React.useRef(form.isDirty);
  isDirty.current = form.isDirty;

  const refuse = () => {
    notice.warn(text('common.notSaved'));
    afterRender(focusFirstProblem);
  };
  const save = async () => {
    if (!form.check()) return refuse();
    setSaving(true);
    try {
      const saved = await send();
      // The page may move on at once, before the form has rendered what was stored.
      isDirty.current = false;
      form.reset(draftOf(saved));
      notice.done(text('common.saved', { name: saved.name }));
      done(saved);
    } catch (error) {
      if (take?.(error)) return;
      const { fields } = problemOf(error);
      form.report(fields);
      notice.failed(error);
      if (Object.keys(fields).length > 0) afterRender(focusFirstProblem);
    } finally {
      setSaving(false);
    }
  };
  const hasUnsaved = React.useCallback(() => isDirty.current, []);
  return { save, isSaving, hasUnsaved };
};
