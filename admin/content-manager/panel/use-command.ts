/** Runs and checks commands on what is saved of a document, one at a time, and marks the fields that a refusal names. */
import * as React from 'react';
import { useForm } from '@strapi/strapi/admin';
import type { CommandAnswer } from '../../../server/contract/document';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';
import {
  useBypassWorkflowMutation,
  useRunCommandMutation,
  type Place,
} from '../../services/documents';
import { fieldsOf, outcomeOf, type Answer, type Outcome } from '../outcome';

/** What runs, or what has run: a command, its check, or the way past the workflow. */
export type Step = { kind: 'run' | 'check' | 'bypass'; key: string; name: string };
export type Ended = {
  step: Step;
  outcome: Outcome;
  /** Where the document stood then; what was said is no longer true of another state. */
  state: string | null;
};

export type Commands = {
  running: Step | null;
  /** The last one, until another starts or somebody closes it. */
  ended: Ended | null;
  run: (command: CommandAnswer, comment: string | null) => void;
  check: (command: CommandAnswer) => void;
  bypass: (comment: string) => void;
  close: () => void;
};

/** The form's errors are typed by the fields of a type that only the running Strapi knows. */
type SetErrors = (errors: object) => void;

const useStep = (state: string | null) => {
  const text = useText();
  const notice = useNotice();
  const setErrors = useForm('WorkflowPanel', (form) => form.setErrors) as SetErrors;
  const [running, setRunning] = React.useState<Step | null>(null);
  const [ended, setEnded] = React.useState<Ended | null>(null);
  /** State comes a render late, and a double click sooner. */
  const isRunning = React.useRef(false);

  const start = async (step: Step, send: () => Promise<Answer>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setRunning(step);
    setEnded(null);
    const outcome = outcomeOf(await send(), step.kind === 'check');
    isRunning.current = false;
    setRunning(null);
    setEnded({ step, outcome, state: outcome.kind === 'moved' ? outcome.state.key : state });
    setErrors(fieldsOf(outcome));
    if (outcome.kind === 'moved') {
      notice.done(text('document.moved', { command: step.name, state: outcome.state.name }));
    }
  };
  return { running, ended, start, close: () => setEnded(null) };
};

/** `state` is the key of where the document stands now. */
export const useCommands = (place: Place, state: string | null): Commands => {
  const text = useText();
  const [send] = useRunCommandMutation();
  const [sendBypass] = useBypassWorkflowMutation();
  const { start, ...steps } = useStep(state);
  return {
    ...steps,
    run: ({ key, name }, comment) =>
      void start({ kind: 'run', key, name }, () =>
        send({ ...place, command: key, input: { comment } }),
      ),
    check: ({ key, name }) =>
      void start({ kind: 'check', key, name }, () =>
        send({ ...place, command: key, input: { dryRun: true } }),
      ),
    bypass: (comment) =>
      void start({ kind: 'bypass', key: '', name: text('document.bypass') }, () =>
        sendBypass({ ...place, comment }),
      ),
  };
};
