/** The pages of Settings > Changes. */
import { Route, Routes } from 'react-router-dom';
import { ChangesPage } from './changes-page';

const Changes = () => (
  <Routes>
    <Route index element={<ChangesPage />} />
  </Routes>
);

export default Changes;
