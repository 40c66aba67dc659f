/** The Workflows pages: the list, and the form that makes or changes one. */
import { Route, Routes } from 'react-router-dom';
import { CreatePage } from './create-page';
import { EditPage } from './edit-page';
import { ListPage } from './list';

const WorkflowsPages = () => (
  <Routes>
    <Route index element={<ListPage />} />
    <Route path="create" element={<CreatePage />} />
    <Route path=":id" element={<EditPage />} />
  </Routes>
);

export default WorkflowsPages;
