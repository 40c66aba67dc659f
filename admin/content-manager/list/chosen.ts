/**
 * The documents that were chosen for a command, between the bulk action and its dialog. The dialog is not the
 * action's own, which Strapi closes with the selection and the table, and with them the results.
 */
import * as React from 'react';

export type ChosenDocument = { documentId: string; title: string };
export type Chosen = {
  uid: string;
  locale: string | null;
  documents: ChosenDocument[];
  /** Takes the selection back. */
  onDone: () => void;
};

let chosen: Chosen | null = null;
const listeners = new Set<() => void>();

export const choose = (next: Chosen | null) => {
  chosen = next;
  listeners.forEach((tell) => tell());
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export const useChosen = (): Chosen | null => React.useSyncExternalStore(subscribe, () => chosen);
