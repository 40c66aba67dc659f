/** One delivery: what it is about, and every attempt to make it. */
import { Button, Flex } from '@strapi/design-system';
import { PaperPlane } from '@strapi/icons';
import { useLocation, useParams } from 'react-router-dom';
import type { ShownDelivery } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useLoad, type Loaded as Load } from '../../services/use-load';
import { usePermissions } from '../../services/permissions';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { Message } from '../../components/message';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { Attempts } from './attempts';
import { DeliveryFacts } from './delivery-facts';
import { isMoving, isResendable, isValidation } from './delivery-states';
import { useAutoRefresh } from '../../services/use-auto-refresh';
import { useResend } from './use-resend';

const REFRESH_EVERY_MS = 4000;
/** While somebody waits for the attempt they asked for. */
const WATCH_EVERY_MS = 1000;

const ResendButton = ({ load, resend }: { load: Load<ShownDelivery>; resend: Resend }) => {
  const text = useText();
  const { may } = usePermissions();
  if (!may('delivery.resend') || !load.data || isValidation(load.data)) return null;
  const mayResend = isResendable(load.data);
  return (
    <Button
      size="S"
      startIcon={<PaperPlane />}
      loading={resend.isWaiting}
      disabled={!mayResend && !resend.isWaiting}
      onClick={resend.start}
    >
      {text('deliveries.resend')}
    </Button>
  );
};
type Resend = ReturnType<typeof useResend>;

/** The list as it was left; it hands over its filters when it leads here. */
const useBackTo = () => {
  const state = useLocation().state as { search?: string } | null;
  return pathTo('deliveries') + (state?.search ?? '');
};

export const DeliveryPage = () => {
  const { id = '' } = useParams();
  const text = useText();
  const load = useLoad(deliveries.one, id);
  const resend = useResend(load);
  const isUnderWay = resend.isWaiting || (load.data ? isMoving(load.data) : false);
  useAutoRefresh({
    isWanted: isUnderWay && !load.isLoading && !load.problem,
    refresh: load.refresh,
    every: resend.isWaiting ? WATCH_EVERY_MS : REFRESH_EVERY_MS,
  });
  return (
    <PageFrame
      permission="delivery.read"
      title={load.data?.event ?? text('deliveries.title')}
      subtitle={load.data && text('deliveries.number', { id: load.data.id })}
      navigationAction={<BackLink to={useBackTo()} />}
      primaryAction={<ResendButton load={load} resend={resend} />}
    >
      <Loaded load={load}>
        {(delivery) => (
          <Flex direction="column" alignItems="stretch" gap={6}>
            <DeliveryFacts delivery={delivery} />
            {delivery.isContentHidden && (
              <Message variant="warning">{text('deliveries.contentHidden')}</Message>
            )}
            <Attempts delivery={delivery} />
          </Flex>
        )}
      </Loaded>
    </PageFrame>
  );
};
