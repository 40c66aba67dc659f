/** The pages of Settings > Replication. */
import { Route, Routes } from 'react-router-dom';
import { ReplicationCreate, ReplicationEdit } from './replication-pages';
import { ReplicationsList } from './replications-list';

const Replications = () => (
  <Routes>
    <Route index element={<ReplicationsList />} />
    <Route path="create" element={<ReplicationCreate />} />
    <Route path=":id" element={<ReplicationEdit />} />
  </Routes>
);

export default Replications;
