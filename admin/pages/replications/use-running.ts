/** Running and cancelling a replication; whether to run is asked first, for what the destination holds is replaced. */
import * as React from 'react';
import type { Replication } from '../../../server/contract/replication';
import { useApi } from '../../api/use-api';
import { useNotice } from '../../components/use-notice';

export const EVERY_MS = 1000;

export const isRunning = ({ lastRun }: Replication) => lastRun?.state === 'running';

export const useRunning = (onChange: () => void) => {
  const api = useApi();
  const notice = useNotice();
  const [asked, ask] = React.useState<Replication | null>(null);
  const act = async (work: Promise<unknown>) => {
    await work.catch(notice.failed);
    onChange();
  };
  return {
    asked,
    ask,
    run: async () => {
      if (asked) await act(api.replications.run(asked.id));
    },
    cancel: ({ id }: Replication) => act(api.replications.cancel(id)),
  };
};

export type Running = ReturnType<typeof useRunning>;
