/** Removing a row: at once where nothing hangs on it, else after its documents and webhooks were given a place. */
import * as React from 'react';
import type { Part } from './draft';
import {
  isInUse,
  removalOf,
  stakeOf,
  withRemoved,
  withTarget,
  withUndone,
  type Place,
} from './removal';
import type { WorkflowForm } from './use-workflow-form';

export type Removing = {
  /** What is asked about now; null: nothing. */
  asked: Place | null;
  remove: (place: Place) => void;
  /** Asks anew where the documents and webhooks of a removed row go. */
  choose: (place: Place) => void;
  confirm: (target: string) => void;
  cancel: () => void;
  undo: (place: Place) => void;
};

/** The keyboard stays near what was removed. */
const focusAdd = (part: Part) =>
  requestAnimationFrame(() => document.getElementById(addId(part))?.focus({ preventScroll: true }));

/** Of the button that adds a row. */
export const addId = (part: Part) => `workflow-add-${part}`;

export const useRemoval = (form: WorkflowForm): Removing => {
  const [asked, setAsked] = React.useState<Place | null>(null);
  const { draft, usage, edit } = form;

  const take = (place: Place, target: string | null) => {
    edit('moveTo', (before) => withRemoved(before, place, target));
    focusAdd(place.part);
  };
  const remove = (place: Place) => {
    if (isInUse(stakeOf(draft, place, usage))) setAsked(place);
    else take(place, null);
  };
  const confirm = (target: string) => {
    if (!asked) return;
    setAsked(null);
    if (removalOf(draft, asked)) edit('moveTo', (before) => withTarget(before, asked, target));
    else take(asked, target);
  };
  return {
    asked,
    remove,
    choose: setAsked,
    confirm,
    cancel: () => setAsked(null),
    undo: (place) => edit('moveTo', (before) => withUndone(before, place)),
  };
};
