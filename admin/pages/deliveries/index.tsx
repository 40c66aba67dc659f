/** The pages of Settings > Deliveries. */
import { Route, Routes } from 'react-router-dom';
import { ListPage } from './list';
import { DeliveryPage } from './delivery-page';

const Deliveries = () => (
  <Routes>
    <Route index element={<ListPage />} />
    <Route path=":id" element={<DeliveryPage />} />
  </Routes>
);

export default Deliveries;
