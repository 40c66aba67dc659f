/** A document's schedule: loaded, looked at again while it is open, and the document with it once a step was taken. */
import * as React from 'react';
import { useForm } from '@strapi/strapi/admin';
import type { ListedSchedule } from '../../../server/contract/schedule';
import type { Problem } from '../../services/problem';
import { useAutoRefresh } from '../../services/use-auto-refresh';
import {
  useGetDocumentScheduleQuery,
  useRefreshDocumentMutation,
  type Place,
} from '../../services/documents';
import { problemOf } from '../../services/problem';

const SOON_MS = 60_000;
const WHEN_SOON_MS = 2000;
const ELSE_MS = 30_000;

export type ScheduleLoad = {
  data: ListedSchedule | null | undefined;
  problem: Problem | null;
  refresh: () => void;
};

const isSoon = ({ dueAt }: ListedSchedule) => Date.parse(dueAt) - Date.now() < SOON_MS;

/** Changes with every step that is taken. */
const stageOf = ({ id, state, step }: ListedSchedule) => `${id} ${state} ${step}`;

/** What a step has made of the document is shown, unless that would drop what is typed. */
const useFreshDocument = (place: Place, schedule: ListedSchedule | null | undefined) => {
  const [refreshDocument] = useRefreshDocumentMutation();
  const isModified = useForm('SchedulePanel', (form) => form.modified);
  const seen = React.useRef<ListedSchedule | null>(null);
  React.useEffect(() => {
    if (!schedule || isModified) return;
    const before = seen.current;
    seen.current = schedule;
    const hasMoved = before?.id === schedule.id && stageOf(before) !== stageOf(schedule);
    if (hasMoved && schedule.state !== 'cancelled') void refreshDocument(place);
  }, [schedule, isModified, place, refreshDocument]);
};

export const useDocumentSchedule = (place: Place): ScheduleLoad => {
  const { currentData, error, isFetching, refetch } = useGetDocumentScheduleQuery(place, {
    refetchOnMountOrArgChange: true,
  });
  useFreshDocument(place, currentData);
  useAutoRefresh({
    isWanted: currentData?.state === 'scheduled' && !isFetching,
    refresh: refetch,
    every: currentData && isSoon(currentData) ? WHEN_SOON_MS : ELSE_MS,
  });
  return {
    data: currentData,
    problem: error && !isFetching ? problemOf(error) : null,
    refresh: refetch,
  };
};
