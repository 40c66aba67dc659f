/** The pages of Settings > Authorizations. */
import { Route, Routes } from 'react-router-dom';
import { AuthorizationCreate } from './authorization-create';
import { AuthorizationEdit } from './authorization-edit';
import { ListPage } from './list';

const Authorizations = () => (
  <Routes>
    <Route index element={<ListPage />} />
    <Route path="create" element={<AuthorizationCreate />} />
    <Route path=":id" element={<AuthorizationEdit />} />
  </Routes>
);

export default Authorizations;
