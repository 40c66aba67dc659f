/** The body that the webhook would send, shown while its form is filled in. */
import * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';
import { useDebounce } from '@strapi/strapi/admin';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { PreviewInput, Webhook } from '../../../server/contract/webhook';
import { useLoad } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { Choice } from '../../components/choice';
import { CodeBlock } from '../../components/code-block';
import { HeadersList } from '../../domain/headers-list';
import { Labelled } from '../../components/labelled';
import { Loaded } from '../../components/loaded';
import { SectionBox } from '../../components/section-box';
import { useText } from '../../translations/use-text';
import { prettyBody } from '../../domain/pretty-body';
import type { Draft } from './draft';
import { typesInScope } from './filter/fields';
import { sampleEvents } from './sample-events';
import { isPlaced } from './workflow-place';

/** Long enough for a typed word, short enough to feel live. */
const PAUSE_MS = 400;

const usePreview = (input: PreviewInput) => {
  const settled = useDebounce(JSON.stringify(input), PAUSE_MS);
  return useLoad(webhooks.preview, JSON.parse(settled) as PreviewInput);
};

type Props = {
  draft: Draft;
  /** As it is stored; undefined while it is made. */
  webhook?: Webhook;
  contentTypes: ContentTypeInfo[];
};

/** A sample that was chosen is kept for as long as it is still among the choices. */
const chosenOr = <T extends string>(chosen: T | null, options: { value: T }[]) =>
  options.some(({ value }) => value === chosen) ? chosen : (options[0]?.value ?? null);

/** Media and webhooks are no documents of a content type. */
const hasDocument = ({ kind }: Draft, event: string | null) =>
  kind !== 'event' || /^(entry|screen|workflow|schedule)\./.test(event ?? '');

const useSample = (draft: Draft, contentTypes: ContentTypeInfo[]) => {
  const [event, setEvent] = React.useState<string | null>(null);
  const [uid, setUid] = React.useState<string | null>(null);
  const events = draft.kind === 'event' ? sampleEvents(draft.events) : [];
  const types = typesInScope(contentTypes, draft.contentTypes).map((type) => ({
    value: type.uid,
    label: type.displayName,
  }));
  const name = chosenOr(event, events);
  return {
    events,
    types,
    event: name,
    uid: hasDocument(draft, name) ? chosenOr(uid, types) : null,
    setEvent,
    setUid,
  };
};
type Sample = ReturnType<typeof useSample>;

/** By its own kind's choice: of an event webhook the event, of the others nothing, for the server knows the move. */
const inputOf = ({ draft, webhook }: Props, sample: Sample): PreviewInput => ({
  kind: draft.kind,
  name: draft.name.slice(0, 200),
  format: draft.format,
  serialization: draft.serialization,
  signing: draft.signing,
  contentTypes: draft.contentTypes,
  ...(draft.kind === 'event'
    ? { events: draft.events, ...(sample.event ? { event: sample.event } : {}) }
    : { workflow: draft.workflow, state: draft.state, command: draft.command }),
  ...(webhook ? { id: webhook.id } : {}),
  ...(sample.uid ? { uid: sample.uid } : {}),
});

const SampleChoice = ({ sample }: { sample: Sample }) => {
  const text = useText();
  return (
    <Flex gap={3} alignItems="flex-end">
      {sample.events.length > 0 && (
        <Box flex="1" minWidth={0}>
          <Labelled name="sampleEvent" label={text('preview.event')}>
            <Choice value={sample.event} options={sample.events} onChange={sample.setEvent} />
          </Labelled>
        </Box>
      )}
      {sample.uid && (
        <Box flex="1" minWidth={0}>
          <Labelled name="sampleType" label={text('preview.contentType')}>
            <Choice value={sample.uid} options={sample.types} onChange={sample.setUid} />
          </Labelled>
        </Box>
      )}
    </Flex>
  );
};

const Sent = ({ input }: { input: PreviewInput }) => {
  const text = useText();
  const load = usePreview(input);
  return (
    <Loaded load={load}>
      {({ headers, madeWhenSent, body }) => (
        <Flex direction="column" alignItems="stretch" gap={4} aria-busy={load.isLoading}>
          <CodeBlock
            label={text('http.requestBody')}
            code={prettyBody(body)}
            copied={body}
            maxHeight="40rem"
          />
          <HeadersList label={text('http.requestHeaders')} headers={headers} />
          {madeWhenSent.length > 0 && (
            <Typography variant="pi" textColor="neutral600">
              {text('preview.madeWhenSent', { header: madeWhenSent.join(', ') })}
            </Typography>
          )}
        </Flex>
      )}
    </Loaded>
  );
};

export const Preview = (props: Props) => {
  const text = useText();
  const { draft, contentTypes } = props;
  const sample = useSample(draft, contentTypes);
  const isReady = draft.kind === 'event' || isPlaced(draft);
  return (
    <Box position="sticky" top={{ initial: '7.2rem' }}>
      <SectionBox title={text('preview.title')} description={text('preview.description')}>
        {isReady ? (
          <>
            <SampleChoice sample={sample} />
            {/* The key: a save may have made the secret that signs. */}
            <Sent key={props.webhook?.updatedAt} input={inputOf(props, sample)} />
          </>
        ) : (
          <Typography textColor="neutral600">{text('preview.notPlaced')}</Typography>
        )}
      </SectionBox>
    </Box>
  );
};
