/** Asks before unsaved changes are left behind, on a link of ours as on closing the tab. */
import * as React from 'react';
import { useBlocker } from 'react-router-dom';
import { isSignedIn } from '../services/session';
import { useText } from '../translations/use-text';
import { ConfirmDialog } from './confirm-dialog';

/** Asked at the moment of leaving, so that a page that has just been saved may go on by itself. */
type Props = { isDirty: () => boolean };

/** The browser's own question, where the tab is closed or loaded again. */
export const useAskOnUnload = (isDirty: () => boolean): void => {
  React.useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
};

export const UnsavedGuard = ({ isDirty }: Props) => {
  const text = useText();
  const isLeaving = React.useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      // At the end of a session the form keeps what was typed.
      isSignedIn() && isDirty() && currentLocation.pathname !== nextLocation.pathname,
  );
  useAskOnUnload(isDirty);
  return (
    <ConfirmDialog
      isOpen={blocker.state === 'blocked'}
      title={text('unsaved.title')}
      confirmLabel={text('unsaved.leave')}
      onConfirm={() => {
        isLeaving.current = true;
        blocker.proceed?.();
      }}
      onClose={() => !isLeaving.current && blocker.reset?.()}
    >
      {text('unsaved.question')}
    </ConfirmDialog>
  );
};
