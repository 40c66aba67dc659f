/**
 * The form of one thing: its values, what is wrong with them, and saving them. It keeps what was typed when the session ends,
 * puts the errors of the schema and of the server at their fields, and asks what to do if somebody saved another version.
 */
import * as React from 'react';
import {
  useForm,
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormReturn,
} from 'react-hook-form';
import type { z } from 'zod';
import { inWords, type WithVersion } from '../../server/contract/api';
import { focusFirstProblem } from './form-problems';
import { useAfterRender } from './use-after-render';
import { useNotice } from '../components/use-notice';
import type { Callable, Readable } from '../services/api';
import { fieldProblems, problemOf, sentenceOf, type FieldProblems } from '../services/problem';
import { useCall, useFetch } from '../services/use-load';
import { useText } from '../translations/use-text';
import { useConflict, type FormConflict } from './use-conflict';
import { useKept, type Kept } from './use-kept';

type Stored = { id: string; name: string; updatedAt: string | null };

/** How one kind of thing is edited. */
export type FormMap<Thing extends Stored, Values extends FieldValues, Input> = {
  /** Under which what was typed is kept. */
  name: string;
  /** The same check that the server makes. */
  schema: z.ZodType;
  valuesOf: (stored: Thing | null) => Values;
  inputOf: (values: Values, stored: Thing | null) => Input;
  /** The values that may be kept in the browser, and whether secrets are missing from them. */
  toKeep: (values: Values) => { draft: Values; lacksSecrets: boolean };
};

type Options<Thing, Input> = {
  /** Null: a new one. Read once: the page may load it again while somebody types. */
  stored: Thing | null;
  endpoints: {
    one: Readable<Thing, string>;
    create: Callable<Thing, Input>;
    update: Callable<Thing, { id: string; input: WithVersion<Input> }>;
  };
  onSaved?: (saved: Thing) => void;
};

export type ResourceForm<Values extends FieldValues> = {
  methods: UseFormReturn<Values>;
  /** Why it was not saved, if no field says so; null: nothing to say. */
  failure: string | null;
  isDirty: boolean;
  isSaving: boolean;
  /** Whether leaving the page would lose something, asked at that moment. */
  hasUnsaved: () => boolean;
  submit: (event: React.FormEvent<HTMLFormElement>) => void;
  conflict: FormConflict;
  /** Shows what is stored. */
  reload: () => Promise<void>;
  /** Saves over the version that somebody else saved. */
  overwrite: () => void;
};

export function useResourceForm<Thing extends Stored, Values extends FieldValues, Input>(
  map: FormMap<Thing, Values, Input>,
  { stored, endpoints, onSaved }: Options<Thing, Input>,
): ResourceForm<Values> {
  const text = useText();
  const notice = useNotice();
  const create = useCall(endpoints.create);
  const update = useCall(endpoints.update);
  const fetch = useFetch(endpoints.one);
  const { kept, keep } = useKept<Values>(map.name);
  const conflict = useConflict(stored, kept);
  const [failure, setFailure] = React.useState<string | null>(null);
  const methods = useValues(map.valuesOf(stored), kept);
  const showProblems = useProblems(methods);
  const { isDirty, isSubmitting } = methods.formState;
  const isUnsaved = React.useRef(isDirty);
  isUnsaved.current = isDirty;
  keep(() =>
    isUnsaved.current ? { ...map.toKeep(methods.getValues()), version: conflict.version() } : null,
  );

  function show(thing: Thing) {
    isUnsaved.current = false;
    setFailure(null);
    methods.reset(map.valuesOf(thing));
    conflict.shows(thing);
  }

  /** Each message stands at its field; what concerns no field stands above the form. */
  function refuse(problems: FieldProblems) {
    const isOfField = ([path]: [string, string]) =>
      methods.getValues(path as Path<Values>) !== undefined;
    const all = Object.entries(problems);
    showProblems(Object.fromEntries(all.filter(isOfField)));
    const others = all.filter((one) => !isOfField(one)).map(([, message]) => message);
    setFailure(others.join(' ') || null);
  }

  async function save(values: Values) {
    setFailure(null);
    const input = map.inputOf(values, stored);
    const wrong = problemsIn(map.schema, input);
    if (wrong) return refuse(wrong);
    try {
      const saved = await (stored
        ? update({ id: stored.id, input: { ...input, updatedAt: conflict.version() } })
        : create(input));
      show(saved);
      notice.done(text('common.saved', { name: saved.name }));
      onSaved?.(saved);
    } catch (error) {
      if (conflict.take(error)) return;
      const problem = problemOf(error);
      if (Object.keys(problem.fields).length > 0) refuse(problem.fields);
      else setFailure(sentenceOf(problem, text));
    }
  }

  /** Old errors are cleared first: react-hook-form sends nothing while an error stands at a path without a field. */
  const submit = (event?: React.FormEvent<HTMLFormElement>) => {
    methods.clearErrors();
    return methods.handleSubmit(save)(event);
  };
  return {
    methods,
    failure,
    isDirty,
    isSaving: isSubmitting,
    hasUnsaved: React.useCallback(() => isUnsaved.current, []),
    submit: (event) => {
      if (isSubmitting) event.preventDefault();
      else void submit(event);
    },
    conflict,
    reload: async () => {
      if (stored) show(await fetch(stored.id));
    },
    overwrite: () => void submit(),
  };
}

/** What was typed before the session ended stands in place of what is stored, and counts as unsaved. */
function useValues<Values extends FieldValues>(
  values: Values,
  kept: Kept<Values> | null,
): UseFormReturn<Values> {
  const methods = useForm<Values>({
    defaultValues: values as DefaultValues<Values>,
    shouldFocusError: false,
  });
  const { reset } = methods;
  React.useEffect(() => {
    if (kept) reset(kept.draft, { keepDefaultValues: true });
    // Once, for what was there when the form was opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return methods;
}

/** Puts each message at its field, and the cursor at the first. */
function useProblems<Values extends FieldValues>({ setError }: UseFormReturn<Values>) {
  const afterRender = useAfterRender();
  return (problems: FieldProblems) => {
    for (const [path, message] of Object.entries(problems))
      setError(path as Path<Values>, { type: 'refused', message });
    afterRender(() => focusFirstProblem());
  };
}

/** Null if the server would accept it. */
function problemsIn(schema: z.ZodType, input: unknown): FieldProblems | null {
  const { error } = schema.safeParse(input, { error: inWords });
  return error ? fieldProblems(error.issues) : null;
}
