/** The form of a schedule: what is chosen, what is wrong with it, and the way to the server. */
import * as React from 'react';
import type { WithVersion } from '../../../server/contract/api';
import type { ListedSchedule, ScheduleTimes } from '../../../server/contract/schedule';
import { problemOf, sentenceOf, type FieldProblems } from '../../services/problem';
import { schedules } from '../../services/schedules';
import { useFetch } from '../../services/use-load';
import { afterPress } from '../../components/after-press';
import { useConflict } from '../../forms/use-conflict';
import { useKept } from '../../forms/use-kept';
import { useText, type Text } from '../../translations/use-text';
import { draftOf, newDraft, timesOf, type DraftProblems, type ScheduleDraft } from './draft';
import { ownZone } from './zoned';

/** `changed`: the schedule that the form was opened for; null: a new one. */
export type Save = (
  times: WithVersion<ScheduleTimes>,
  changed: ListedSchedule | null,
) => Promise<void>;

const FIELDS = ['publishAt', 'archiveAt', 'timezone'];

const inWords = (problems: DraftProblems, text: Text): FieldProblems =>
  Object.fromEntries(Object.entries(problems).map(([field, key]) => [field, text(key)]));

/** There is no route for one. */
const useStored = () => {
  const list = useFetch(schedules.list);
  return async ({ id, uid, documentId, locale }: ListedSchedule) => {
    const place = { uid, documentId, locale };
    const { data } = await list({ ...place, sort: 'createdAt:desc', pageSize: 100 });
    return data.find((one) => one.id === id);
  };
};

export const useScheduleForm = (opened: ListedSchedule | null, save: Save) => {
  const text = useText();
  const storedOf = useStored();
  /** What the form was filled from: the page may load it again meanwhile. */
  const [changed, setChanged] = React.useState(opened);
  const { kept, keep } = useKept<ScheduleDraft>(`schedule ${opened?.id ?? 'new'}`);
  const conflict = useConflict(opened, kept);
  const [start, setStart] = React.useState<ScheduleDraft>(() =>
    changed ? draftOf(changed) : newDraft(ownZone()),
  );
  const [draft, setDraft] = React.useState(kept?.draft ?? start);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(start);
  keep(() => (isDirty ? { draft, version: conflict.version(), lacksSecrets: false } : null));
  const [fields, setFields] = React.useState<FieldProblems>({});
  const [failure, setFailure] = React.useState<string | null>(null);
  const [isBusy, setBusy] = React.useState(false);

  const refused = (error: unknown) => {
    const problem = problemOf(error);
    const shown = Object.keys(problem.fields).some((field) => FIELDS.includes(field));
    setFields(problem.fields);
    setFailure(shown ? null : sentenceOf(problem, text));
  };

  const submit = async () => {
    const { times, problems } = timesOf(draft, changed);
    setFailure(null);
    setFields(problems ? inWords(problems, text) : {});
    if (!times) return;
    setBusy(true);
    try {
      await save(changed ? { ...times, updatedAt: conflict.version() } : times, changed);
    } catch (error) {
      if (!conflict.take(error)) refused(error);
      setBusy(false);
    }
  };

  const reload = async () => {
    const stored = changed && (await storedOf(changed));
    if (!stored) return;
    setChanged(stored);
    setStart(draftOf(stored));
    setDraft(draftOf(stored));
    setFields({});
    conflict.shows(stored);
  };

  const change = (patch: Partial<ScheduleDraft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    // Strapi's pickers report what was typed as they are left: by a click on what is below the message, mostly.
    afterPress(() => setFields((shown) => (shown === fields ? {} : shown)));
  };
  return { draft, isDirty, changed, change, fields, failure, isBusy, submit, conflict, reload };
};

export type ScheduleForm = ReturnType<typeof useScheduleForm>;
