/** One endpoint of the quick setup: its address with a test beside it, and its security folded away. */
import { Box, Button, Flex, Link, Typography } from '@strapi/design-system';
import { Play } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import { MASK } from '../../../../server/contract/names';
import type { Webhook } from '../../../../server/contract/webhook';
import { usePermissions } from '../../../services/permissions';
import { CallSummary } from '../../../domain/call-summary';
import { CodeBlock } from '../../../components/code-block';
import { Exchange } from '../../../domain/exchange';
import { Folded } from '../../../components/folded';
import { Labelled } from '../../../components/labelled';
import { Message } from '../../../components/message';
import { PlainInput } from '../../../components/plain-input';
import { SectionBox } from '../../../components/section-box';
import { pathTo } from '../../../paths';
import { inOwnWords } from '../../../services/own-words';
import { useText } from '../../../translations/use-text';
import { AuthorizationField, SigningField } from '../sections/security';
import { EVENTS } from './categories';
import type { CategoryForm, Trial } from './use-category';
import type { WebhookForm } from '../use-webhook-form';

const TrialResult = ({ result, failure, isSending }: Trial) => {
  const text = useText();
  return (
    <Box aria-live="polite" aria-busy={isSending}>
      {failure && (
        <Message variant="danger" title={text('quick.notSent')}>
          {failure}
        </Message>
      )}
      {result && (
        <Flex direction="column" alignItems="stretch" gap={3}>
          <CallSummary
            isOk={result.ok}
            label={text(result.ok ? 'test.ok' : 'test.notOk')}
            response={result.response}
            durationMs={result.durationMs}
          />
          {result.error && (
            <Message variant={result.ok ? 'warning' : 'danger'} title={text('test.error')}>
              {inOwnWords(result.error, text)}
            </Message>
          )}
          <Folded label={text('test.details')}>
            <Exchange request={result.request} response={result.response} />
          </Folded>
        </Flex>
      )}
    </Box>
  );
};

/** Masks have to be explained, and a plain address is worth a word; else the label says it all. */
const useHint = ({ draft }: WebhookForm) => {
  const text = useText();
  if (draft.url.includes(MASK)) return text('webhooks.urlHint.masked', { mask: MASK });
  return /^http:/i.test(draft.url.trim()) ? text('quick.notEncrypted') : undefined;
};

const Endpoint = ({ part }: { part: CategoryForm }) => {
  const text = useText();
  const { may } = usePermissions();
  const { form, trial, run } = part;
  return (
    <Flex gap={3} alignItems="flex-start">
      <Box flex="1" minWidth={0}>
        <Labelled
          name={`${part.category}-url`}
          label={text('quick.endpoint')}
          hint={useHint(form)}
          error={form.problems.url}
        >
          <PlainInput
            value={form.draft.url}
            placeholder="https://example.com/hook"
            inputMode="url"
            disabled={form.isReadOnly}
            onChange={(url) => form.set({ url })}
          />
        </Labelled>
      </Box>
      {may('webhook.test') && (
        <Box paddingTop={5}>
          <Button
            size="L"
            variant="secondary"
            startIcon={<Play />}
            loading={trial.isSending}
            disabled={form.draft.url.trim() === '' || (form.isReadOnly && form.isDirty)}
            onClick={run}
          >
            {text('quick.test')}
          </Button>
        </Box>
      )}
    </Flex>
  );
};

/** What is to be known of the webhook behind an endpoint. */
const StoredNotes = ({ webhook, others }: { webhook: Webhook; others: number }) => {
  const text = useText();
  return (
    <>
      {!webhook.enabled && (
        <Message variant="warning" title={text('quick.off')}>
          {text('quick.offHint')}
        </Message>
      )}
      {others > 0 && (
        <Typography variant="pi" textColor="neutral600">
          {text('quick.others', { count: others })}
        </Typography>
      )}
    </>
  );
};

const AllSettings = ({ webhook }: { webhook: Webhook }) => {
  const text = useText();
  const label = text('quick.allSettings');
  return (
    <Link
      tag={NavLink}
      to={pathTo('webhooks', webhook.id)}
      aria-label={`${label}: ${webhook.name}`}
    >
      {label}
    </Link>
  );
};

const Security = ({ form }: { form: WebhookForm }) => {
  const text = useText();
  const isUsed = form.draft.authorization !== null || form.draft.signing !== 'none';
  return (
    <Folded label={text(isUsed ? 'quick.securityUsed' : 'quick.security')}>
      <Flex direction="column" alignItems="stretch" gap={4}>
        <AuthorizationField form={form} />
        <SigningField form={form} />
      </Flex>
    </Folded>
  );
};

const SCREENS_SAMPLE = `// config/plugins
'workflow-webhooks': {
  config: { screens: { contentTypes: ['api::page.page'] } },
},`;

const NoScreens = () => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Message variant="warning" title={text('quick.noScreens')}>
        {text('quick.noScreensHint')}
      </Message>
      <Folded label={text('quick.noScreensHow')}>
        <CodeBlock label="config/plugins" code={SCREENS_SAMPLE} />
      </Folded>
    </Flex>
  );
};

type Props = { part: CategoryForm; screens: string[] };

export const CategorySection = ({ part, screens }: Props) => {
  const text = useText();
  const { category, form, stored, trial } = part;
  return (
    <SectionBox
      title={text(`quick.${category}`)}
      description={text(`quick.${category}.about`, { events: EVENTS[category].join(', ') })}
      action={stored && <AllSettings webhook={stored} />}
    >
      {category === 'screens' && screens.length === 0 && <NoScreens />}
      <Flex direction="column" alignItems="stretch" gap={trial.result || trial.failure ? 4 : 0}>
        <Endpoint part={part} />
        <TrialResult {...trial} />
      </Flex>
      {stored && <StoredNotes webhook={stored} others={part.others} />}
      <Security form={form} />
    </SectionBox>
  );
};
