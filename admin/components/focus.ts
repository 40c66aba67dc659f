/**
 * Where the keyboard goes on when what had the focus is gone: a dialog that closed, a row that was deleted. Strapi's
 * dialogs return the focus only to a trigger of their own, and ours are opened by state: it would fall to the body.
 */
import * as React from 'react';

/** What had the focus last. By the time a dialog opens, its button may be disabled and its menu item gone. */
let last: HTMLElement | null = null;

export const watchFocus = (): void =>
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) last = target;
  });

/** Whether the focus was in what has just been taken out of the page, and is nowhere now. */
export const hadFocus = (gone: Node): boolean =>
  last !== null && gone.contains(last) && document.activeElement === document.body;

const ROW_MENU = 'main button[aria-haspopup="menu"]';
const DIALOG = '[role="dialog"], [role="alertdialog"]';

/** By dialog: where the focus goes when it closes, best first. */
const openers = new WeakMap<Element, HTMLElement[]>();

const menuButtonOf = (item: HTMLElement): HTMLElement | null => {
  const button = item.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return button ? document.getElementById(button) : null;
};

/** The menus of the rows below, then of those above: one of them is still there when its own row is not. */
const neighboursOf = (button: HTMLElement): HTMLElement[] => {
  if (!button.matches(ROW_MENU)) return [];
  const all = [...document.querySelectorAll<HTMLElement>(ROW_MENU)];
  const at = all.indexOf(button);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()];
};

/** A dialog that opens as another closes returns to where that one was opened. */
const returnPoints = (): HTMLElement[] => {
  if (!last) return [];
  const opener = menuButtonOf(last) ?? last;
  const outer = opener.closest(DIALOG);
  return [opener, ...neighboursOf(opener), ...((outer && openers.get(outer)) ?? [])];
};

const isUsable = (element: HTMLElement) =>
  element.isConnected && !element.matches(':disabled') && element.getClientRects().length > 0;

/** The last resort: from the page's heading, Tab leads into the page. */
const heading = (): HTMLElement[] => {
  const found = document.querySelector<HTMLElement>('main h1');
  found?.setAttribute('tabindex', '-1');
  return found ? [found] : [];
};

const focusFirst = (points: HTMLElement[]) => points.find(isUsable)?.focus();

/** For the content of every dialog. Both are stable: the first is called once, as the dialog comes. */
export const returnsFocus = {
  ref: (content: HTMLElement | null) => {
    if (content && !openers.has(content)) openers.set(content, returnPoints());
  },
  onCloseAutoFocus: (event: Event) => {
    event.preventDefault();
    const content = event.currentTarget;
    const points = content instanceof Element ? openers.get(content) : undefined;
    focusFirst([...(points ?? []), ...heading()]);
  },
};

/** For what may vanish while it has the focus, such as the button of a row. `restOf` is asked before it goes. */
export const useFocusAfter = (
  ref: React.RefObject<HTMLElement>,
  restOf: (gone: HTMLElement) => HTMLElement[] = neighboursOf,
): void => {
  const ask = React.useRef(restOf);
  React.useLayoutEffect(() => {
    const element = ref.current;
    const points = ask.current;
    return () => {
      if (!element || document.activeElement !== element) return;
      // Where it is the whole page that goes, none of them is left, and nothing is done.
      const rest = [...points(element), ...heading()];
      queueMicrotask(() => focusFirst(rest));
    };
  }, [ref]);
};
