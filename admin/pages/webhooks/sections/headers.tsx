/** The headers that the webhook adds. */
import { HeadersEditor } from '../../../components/headers-editor';
import { SectionBox } from '../../../components/section-box';
import { useText } from '../../../translations/use-text';
import { blankHeader } from '../draft';
import type { WebhookForm } from '../use-webhook-form';

export const HeadersSection = ({ form }: { form: WebhookForm }) => {
  const text = useText();
  return (
    <SectionBox title={text('headers.title')} description={text('headers.description')}>
      <HeadersEditor
        rows={form.draft.headers}
        problems={form.problems}
        isReadOnly={form.isReadOnly}
        blank={blankHeader}
        onChange={(headers) => form.set({ headers })}
      />
    </SectionBox>
  );
};
