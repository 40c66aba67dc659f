/** The page Schedule of the main menu. */
import { Route, Routes } from 'react-router-dom';
import { SchedulePage } from './schedule-page';

const Schedule = () => (
  <Routes>
    <Route index element={<SchedulePage />} />
  </Routes>
);

export default Schedule;
