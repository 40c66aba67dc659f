/**
 * Does something once what was set in the same breath stands in the page, such as a message the cursor
 * is to follow. An animation frame is no such moment: after an answer from the server it may come first.
 */
import * as React from 'react';

type Task = { run: () => void };

export const useAfterRender = () => {
  const [task, setTask] = React.useState<Task | null>(null);
  React.useEffect(() => task?.run(), [task]);
  return React.useCallback((run: () => void) => setTask({ run }), []);
};
