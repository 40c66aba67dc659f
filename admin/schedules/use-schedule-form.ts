/** The form of a schedule: what is chosen, what is wrong with it, and the way to the server. */
import * as React from 'react';
import type { ListedSchedule, ScheduleTimes } from '../../server/contract/schedule';
import { isAborted, problemOf, type FieldProblems } from '../api/problem';
import { sentenceOf } from '../api/problem-sentence';
import { useText, type Text } from '../translations/use-text';
import { draftOf, newDraft, timesOf, type DraftProblems, type ScheduleDraft } from './draft';
import { ownZone } from './zoned';

export type Save = (times: ScheduleTimes) => Promise<void>;

const FIELDS = ['publishAt', 'archiveAt', 'timezone'];

const inWords = (problems: DraftProblems, text: Text): FieldProblems =>
  Object.fromEntries(Object.entries(problems).map(([field, key]) => [field, text(key)]));

export const useScheduleForm = (changed: ListedSchedule | null, save: Save) => {
  const text = useText();
  const [draft, setDraft] = React.useState<ScheduleDraft>(() =>
    changed ? draftOf(changed) : newDraft(ownZone()),
  );
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
      await save(times);
    } catch (error) {
      if (!isAborted(error)) refused(error);
      setBusy(false);
    }
  };

  const change = (patch: Partial<ScheduleDraft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    setFields({});
  };
  return { draft, change, fields, failure, isBusy, submit };
};

export type ScheduleForm = ReturnType<typeof useScheduleForm>;
