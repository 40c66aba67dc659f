/**
 * For what surrounds a picker of days and times: Enter in its text takes what is typed, and no more. The browser
 * would also send the form, of which only a half may be filled in.
 */
import type * as React from 'react';

export const enterStays = (event: React.KeyboardEvent): void => {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
};
