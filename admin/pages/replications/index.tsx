/** The pages of Settings > Replication. */
import { Route, Routes } from 'react-router-dom';
import { CreatePage, EditPage } from './edit';
import { ListPage } from './list';

const Replications = () => (
  <Routes>
    <Route index element={<ListPage />} />
    <Route path="create" element={<CreatePage />} />
    <Route path=":id" element={<EditPage />} />
  </Routes>
);

export default Replications;
