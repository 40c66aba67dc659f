/**
 * Runs what moves the page, such as a message below the field that is left, once the click that took the focus is
 * over. Between press and release, the button under the pointer would move away and never be clicked.
 */
let isPressed = false;

const onPress = () => {
  isPressed = true;
};

const onRelease = () => {
  isPressed = false;
};

export const watchPresses = (): void => {
  document.addEventListener('pointerdown', onPress, true);
  document.addEventListener('pointerup', onRelease, true);
  document.addEventListener('pointercancel', onRelease, true);
};

/** The click comes right after the release, before any timer. */
export const afterPress = (run: () => void): void => {
  if (!isPressed) return run();
  const later = () => {
    document.removeEventListener('pointerup', later, true);
    document.removeEventListener('pointercancel', later, true);
    setTimeout(run);
  };
  document.addEventListener('pointerup', later, true);
  document.addEventListener('pointercancel', later, true);
};
