/** The pages of Settings > Changes. */
import { Route, Routes } from 'react-router-dom';
import { ListPage } from './list';

const Changes = () => (
  <Routes>
    <Route index element={<ListPage />} />
  </Routes>
);

export default Changes;
