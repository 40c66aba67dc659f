/** When a webhook is called, in a cell of the list: its events, or what of a workflow it hangs on. */
import { Box, Typography } from '@strapi/design-system';
import type { Webhook } from '../../../server/contract/webhook';
import type { WorkflowChoice } from '../../../server/contract/workflow';
import { useText, type Text } from '../../translations/use-text';
import { namedPlace, type NamedPlace } from './workflow-place';

const SHOWN_EVENTS = 2;

const EventsSummary = ({ events }: Pick<Webhook, 'events'>) => {
  const text = useText();
  if (events.length === 0) {
    return <Typography textColor="warning600">{text('webhooks.noEvents')}</Typography>;
  }
  const more = events.length - SHOWN_EVENTS;
  return (
    <Typography ellipsis tag="p" title={events.join(', ')}>
      {events.slice(0, SHOWN_EVENTS).join(', ')}
      {more > 0 ? ` ${text('webhooks.moreEvents', { count: more })}` : ''}
    </Typography>
  );
};

type Props = {
  webhook: Webhook;
  /** Undefined while nobody knows which there are. */
  workflows: WorkflowChoice[] | undefined;
};

const sentenceOf = (place: NamedPlace, text: Text) => {
  const workflow = place.workflow?.name ?? '';
  return place.state
    ? text('webhooks.onState', { workflow, state: place.state.name })
    : text('webhooks.onCommand', { workflow, command: place.command?.name ?? '' });
};

const WorkflowSummary = ({ webhook, workflows }: Props) => {
  const text = useText();
  const place = namedPlace(webhook, workflows);
  if (place.workflow?.isGone) {
    return <Typography textColor="warning600">{text('webhooks.workflowGone')}</Typography>;
  }
  const sentence = sentenceOf(place, text);
  const isGone = place.state?.isGone || place.command?.isGone;
  return (
    <>
      <Typography ellipsis tag="p" title={sentence}>
        {sentence}
      </Typography>
      {isGone && (
        <Typography tag="p" variant="pi" textColor="warning600">
          {text('webhooks.placeGone')}
        </Typography>
      )}
    </>
  );
};

export const PlaceSummary = ({ webhook, workflows }: Props) => (
  <Box maxWidth="14rem">
    {webhook.kind === 'event' ? (
      <EventsSummary events={webhook.events} />
    ) : (
      <WorkflowSummary webhook={webhook} workflows={workflows} />
    )}
  </Box>
);
