/** What somebody may do about the schedule of a document, as the server decides it. */
import { usePermissions } from '../../services/permissions';

export const useScheduleRights = () => {
  const { may, mayPublish } = usePermissions();
  return (uid: string) => ({
    mayCreate: may('schedule.create') && mayPublish(uid),
    mayUpdate: may('schedule.update') && mayPublish(uid),
    mayCancel: may('schedule.delete') || mayPublish(uid),
  });
};
