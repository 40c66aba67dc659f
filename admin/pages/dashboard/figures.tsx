/** How it is now, in a few numbers: what arrived, what died, what waits, how fast, and whether anything sends. */
import { Link } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { NavLink } from 'react-router-dom';
import type { Statistics } from '../../../server/contract/delivery';
import { queryString } from '../../services/query';
import { pathTo } from '../../paths';
import { Badge } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { useDuration } from '../../components/use-duration';
import { Figure, FigureGrid } from './figure';
import { totalOf, countsOf } from './series';

type Props = { statistics: Statistics };

const DeadFigure = ({ statistics: { states, from } }: Props) => {
  const text = useText();
  const { formatNumber } = useIntl();
  return (
    <Figure
      name={text('state.dead')}
      value={formatNumber(states.dead)}
      textColor={states.dead > 0 ? 'danger600' : undefined}
      note={
        states.dead > 0 && (
          <Link tag={NavLink} to={pathTo('deliveries') + queryString({ state: 'dead', from })}>
            {text('overview.showThem')}
          </Link>
        )
      }
    />
  );
};

const QueueFigure = ({ statistics: { queue } }: Props) => {
  const text = useText();
  const { formatNumber } = useIntl();
  const duration = useDuration();
  const { pending, sending, retrying, oldestWaitingMs } = queue;
  const oldest =
    oldestWaitingMs === null
      ? ''
      : text('deliveries.oldest', { duration: duration(oldestWaitingMs) });
  return (
    <Figure
      name={text('overview.queue')}
      value={formatNumber(pending + sending + retrying)}
      note={
        <>
          {text('overview.queueParts', { pending, sending, retrying })}
          {oldest && <br />}
          {oldest}
        </>
      }
    />
  );
};

const EngineFigure = ({ statistics: { engine, queue } }: Props) => {
  const text = useText();
  const { formatNumber } = useIntl();
  return (
    <Figure
      name={text('overview.inFlight')}
      value={formatNumber(queue.inFlight)}
      note={
        engine.dispatch && !engine.isRunning ? (
          <Badge variant="danger">{text('overview.notSending')}</Badge>
        ) : (
          text(engine.dispatch ? 'overview.engine' : 'deliveries.elsewhere', {
            driver: engine.driver,
          })
        )
      }
    />
  );
};

export const Figures = ({ statistics }: Props) => {
  const text = useText();
  const { formatNumber } = useIntl();
  const duration = useDuration();
  const { states, latency, webhooks } = statistics;
  const total = totalOf(countsOf(states));
  const troubled = webhooks.failing + webhooks.disabled;
  return (
    <FigureGrid aria-label={text('overview.figures')}>
      <Figure
        name={text('state.delivered')}
        value={formatNumber(states.delivered)}
        note={
          total > 0 &&
          text('overview.ofAll', {
            part: formatNumber(states.delivered / total, {
              style: 'percent',
              maximumFractionDigits: 1,
            }),
          })
        }
      />
      <DeadFigure statistics={statistics} />
      <QueueFigure statistics={statistics} />
      <Figure
        name={text('overview.slow')}
        value={latency ? duration(latency.p95) : '-'}
        note={latency && text('overview.median', { duration: duration(latency.p50) })}
      />
      <Figure
        name={text('overview.troubled')}
        value={formatNumber(troubled)}
        textColor={troubled > 0 ? 'warning600' : undefined}
        note={text('overview.troubledParts', { ...webhooks })}
      />
      <EngineFigure statistics={statistics} />
    </FigureGrid>
  );
};
