/** Takes out of the log what the list shows, all pages of it, as a file. */
import * as React from 'react';
import { Menu } from '@strapi/design-system';
import { Download } from '@strapi/icons';
import { EXPORT_FORMATS, type ExportFormat } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useCall } from '../../services/use-load';
import { useNotice } from '../../components/use-notice';
import { useText } from '../../translations/use-text';

/** The browser keeps what it downloads as long as the address lives. */
const save = (url: string, name: string) => {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

const PAGING = ['page', 'pageSize', 'sort'];

export const ExportMenu = ({ filters }: { filters: Record<string, string> }) => {
  const text = useText();
  const exported = useCall(deliveries.exported);
  const notice = useNotice();
  const [isBusy, setBusy] = React.useState(false);
  const query = Object.fromEntries(
    Object.entries(filters).filter(([key]) => !PAGING.includes(key)),
  );
  const download = async (format: ExportFormat) => {
    setBusy(true);
    try {
      save(await exported({ format, query }), `deliveries.${format}`);
    } catch (error) {
      notice.failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu.Root>
      <Menu.Trigger size="S" variant="tertiary" startIcon={<Download />} disabled={isBusy}>
        {text(isBusy ? 'deliveries.exporting' : 'deliveries.export')}
      </Menu.Trigger>
      <Menu.Content popoverPlacement="bottom-end">
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onSelect={() => void download(format)}>
            {text(`deliveries.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Content>
    </Menu.Root>
  );
};
