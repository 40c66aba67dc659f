/** The pages of Settings > Deliveries. */
import { Route, Routes } from 'react-router-dom';
import { DeliveriesList } from './deliveries-list';
import { DeliveryPage } from './delivery-page';

const Deliveries = () => (
  <Routes>
    <Route index element={<DeliveriesList />} />
    <Route path=":id" element={<DeliveryPage />} />
  </Routes>
);

export default Deliveries;
