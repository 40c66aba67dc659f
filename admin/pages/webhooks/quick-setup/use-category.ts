/** One endpoint of the quick setup: its form, the webhook behind it, its test, and how it is saved. */
import * as React from 'react';
import type { TestResult } from '../../../../server/contract/delivery';
import type { Webhook } from '../../../../server/contract/webhook';
import { problemOf, sentenceOf, type Problem } from '../../../services/problem';
import { useCall, useFetch } from '../../../services/use-load';
import { webhooks as service } from '../../../services/webhooks';
import { usePermissions } from '../../../services/permissions';
import { useConflict } from '../../../forms/use-conflict';
import { useKept } from '../../../forms/use-kept';
import { useText } from '../../../translations/use-text';
import { draftOf, inputOf, toKeep, type Draft, type KeptDraft } from '../draft';
import { useWebhookForm, type WebhookForm } from '../use-webhook-form';
import { draftFor, SAMPLES, webhooksOf, type Category } from './categories';

export type Trial = { result: TestResult | null; failure: string | null; isSending: boolean };
const UNTRIED: Trial = { result: null, failure: null, isSending: false };

/** Sends what the form shows: of a webhook that is stored as it shows, a test that the log keeps. */
const useTrial = (form: WebhookForm, stored: Webhook | null, category: Category) => {
  const test = useCall(service.test);
  const testUnsaved = useCall(service.testUnsaved);
  const text = useText();
  const [trial, setTrial] = React.useState(UNTRIED);
  const send = () => {
    const sample = { event: SAMPLES[category] };
    return stored && !form.isDirty
      ? test({ id: stored.id, sample })
      : testUnsaved({ webhook: inputOf(form.draft), id: stored?.id, sample });
  };
  const told = (problem: Problem) => {
    form.report(problem.fields);
    // What stands at a field need not be said twice.
    return 'url' in problem.fields ? null : sentenceOf(problem, text);
  };
  const run = async () => {
    if (!form.check()) return;
    setTrial({ ...UNTRIED, isSending: true });
    try {
      setTrial({ ...UNTRIED, result: await send() });
    } catch (error) {
      setTrial({ ...UNTRIED, failure: told(problemOf(error)) });
    }
  };
  return { trial, run, forget: () => setTrial(UNTRIED) };
};

export const useCategory = (category: Category, webhooks: readonly Webhook[]) => {
  const create = useCall(service.create);
  const update = useCall(service.update);
  const fetch = useFetch(service.one);
  const text = useText();
  const { may } = usePermissions();
  const [found] = React.useState(() => webhooksOf(category, webhooks));
  const [stored, setStored] = React.useState<Webhook | null>(found[0] ?? null);
  const [initial] = React.useState(() =>
    stored ? draftOf(stored) : draftFor(category, text(`quick.${category}.name`)),
  );
  const { kept, keep } = useKept<KeptDraft>(category);
  const plain = useWebhookForm(initial, !may(stored ? 'webhook.update' : 'webhook.create'), {
    kept,
  });
  const conflict = useConflict(stored, kept);
  keep(() => (plain.isDirty ? { ...toKeep(plain.draft), version: conflict.version() } : null));
  const { trial, run, forget } = useTrial(plain, stored, category);
  // What was tried is not what is there after a change.
  const set = (patch: Partial<Draft>) => {
    plain.set(patch);
    forget();
  };
  const form = { ...plain, set };

  const show = (webhook: Webhook) => {
    setStored(webhook);
    conflict.shows(webhook);
    form.reset(draftOf(webhook));
  };

  /** Throws what the server says against it. */
  const save = async (): Promise<Webhook> => {
    const input = inputOf(form.draft);
    const saved = stored
      ? await update({ id: stored.id, input: { ...input, updatedAt: conflict.version() } })
      : await create(input);
    show(saved);
    return saved;
  };
  const reload = async () => {
    if (stored) show(await fetch(stored.id));
  };
  return {
    category,
    form,
    stored,
    others: Math.max(found.length - 1, 0),
    trial,
    run,
    save,
    conflict,
    reload,
  };
};

export type CategoryForm = ReturnType<typeof useCategory>;
