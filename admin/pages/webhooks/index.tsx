/** The Webhooks pages: the list, and the form that makes or changes one. */
import { Route, Routes } from 'react-router-dom';
import { CreatePage } from './create-page';
import { EditPage } from './edit-page';
import { ListPage } from './list';
import { QuickSetupPage } from './quick-setup/quick-setup-page';

const WebhooksPages = () => (
  <Routes>
    <Route index element={<ListPage />} />
    <Route path="create" element={<CreatePage />} />
    <Route path="quick-setup" element={<QuickSetupPage />} />
    <Route path=":id" element={<EditPage />} />
  </Routes>
);

export default WebhooksPages;
