/** What the plugin adds to the Content Manager: two panels beside documents; a column, a filter and an action in lists. */
import type { StrapiApp } from '@strapi/strapi/admin';
import type {
  BulkActionComponent,
  DescriptionReducer,
  PanelComponent,
} from '@strapi/content-manager/strapi-admin';
import { PLUGIN_ID } from '../../server/contract/names';
import { BulkCommandAction } from './list/bulk-action';
import { ListTools } from './list/list-tools';
import { withStateColumn } from './list/state-column';
import { WorkflowPanel } from './panel/workflow-panel';
import { SchedulePanel } from './schedule/schedule-panel';

type ContentManager = {
  addEditViewSidePanel: (panels: DescriptionReducer<PanelComponent>) => void;
  addBulkAction: (actions: DescriptionReducer<BulkActionComponent>) => void;
};

/** Strapi's hook for the columns of a list. */
const COLUMNS = 'Admin/CM/pages/ListView/inject-column-in-table';

/** Below the buttons that save and publish, above what other plugins add. */
const withPanels: DescriptionReducer<PanelComponent> = (panels) =>
  panels.flatMap((panel) =>
    panel.type === 'actions' ? [panel, WorkflowPanel, SchedulePanel] : [panel],
  );

/** Before the action that deletes. */
const withAction: DescriptionReducer<BulkActionComponent> = (actions) => {
  const last = actions.findIndex(({ type }) => type === 'delete');
  const at = last < 0 ? actions.length : last;
  return [...actions.slice(0, at), BulkCommandAction, ...actions.slice(at)];
};

export const addToContentManager = ({
  getPlugin,
  registerHook,
}: Pick<StrapiApp, 'getPlugin' | 'registerHook'>) => {
  const contentManager = getPlugin('content-manager');
  const { addEditViewSidePanel, addBulkAction } = contentManager.apis as ContentManager;
  addEditViewSidePanel(withPanels);
  addBulkAction(withAction);
  contentManager.injectComponent('listView', 'actions', {
    name: `${PLUGIN_ID}.list-tools`,
    Component: ListTools,
  });
  registerHook(COLUMNS, withStateColumn);
};
