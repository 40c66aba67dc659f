/** Before a resend: how many, and to whom. While it runs: how far it is. */
import { Flex, ProgressBar, Typography } from '@strapi/design-system';
import type { Many, ManyDone } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useLoad } from '../../services/use-load';
import { useText } from '../../translations/use-text';

/** What a resend would find now; null while that is not known. */
export const useMatching = (wish: Many): ManyDone | null => {
  const isNothing = wish.states.length === 0;
  const load = useLoad(deliveries.matching, wish, { skip: isNothing });
  if (isNothing) return { count: 0 };
  return load.isLoading || load.problem ? null : (load.data ?? null);
};

/** More are named by their number. */
const NAMED = 3;

const useReceivers = () => {
  const text = useText();
  return ({ webhooks = [] }: ManyDone) => {
    const named = webhooks
      .slice(0, NAMED)
      .map(({ name, count }) => text('deliveries.resendTo', { name, count }));
    const more = webhooks.length - NAMED;
    return [...named, ...(more > 0 ? [text('deliveries.resendToMore', { count: more })] : [])];
  };
};

export const ResendSummary = ({ found }: { found: ManyDone | null }) => {
  const text = useText();
  const receivers = useReceivers();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1} aria-live="polite">
      <Typography fontWeight="semiBold">
        {found === null
          ? text('common.loading')
          : text('deliveries.resendMatching', { count: found.count })}
      </Typography>
      {found &&
        receivers(found).map((line) => (
          <Typography key={line} variant="pi" textColor="neutral600">
            {line}
          </Typography>
        ))}
    </Flex>
  );
};

export const ResendProgress = ({ done, total }: { done: number; total: number }) => {
  const text = useText();
  const percent = total === 0 ? 100 : Math.min(100, Math.round((done / total) * 100));
  return (
    <Flex direction="column" alignItems="stretch" gap={2} role="status">
      <Typography>{text('deliveries.resendProgress', { done, total })}</Typography>
      <ProgressBar value={percent} aria-label={text('deliveries.resend')} />
    </Flex>
  );
};
