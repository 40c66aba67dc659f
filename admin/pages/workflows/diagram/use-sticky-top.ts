/** How far below the top of what scrolls something has to stick to stand clear of the page's header. */
import * as React from 'react';

/** From the top of the window to below the header that Strapi keeps there once a page is scrolled. */
const CLEAR = 64;
const LEAST = 8;

const isScrolling = (element: Element) =>
  ['auto', 'scroll'].includes(getComputedStyle(element).overflowY);

const scrollerOf = (element: Element): Element => {
  let parent = element.parentElement;
  while (parent && !isScrolling(parent)) parent = parent.parentElement;
  return parent ?? document.documentElement;
};

/** Measured, because a banner of Strapi's may push what scrolls down, and not the header. */
export const useStickyTop = (ref: React.RefObject<HTMLElement>): number => {
  const [top, setTop] = React.useState(CLEAR);
  React.useLayoutEffect(() => {
    if (!ref.current) return;
    const scroller = scrollerOf(ref.current);
    const measure = () =>
      setTop(Math.max(LEAST, CLEAR - Math.max(0, scroller.getBoundingClientRect().top)));
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [ref]);
  return top;
};
