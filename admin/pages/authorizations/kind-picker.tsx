/** Which kind an authorization is: all of them, grouped by what they do, with a sentence each. */
import * as React from 'react';
import { Box, Flex, Grid, Radio, TextButton, Typography } from '@strapi/design-system';
import type { AuthorizationKind } from '../../../server/contract/authorization';
import { useText } from '../../translations/use-text';

const GROUPS = {
  sent: ['basic', 'bearer', 'apiKey'],
  proven: ['digest', 'clientCertificate'],
  fetched: ['oauth2ClientCredentials', 'oauth2Password'],
} as const satisfies Record<string, readonly AuthorizationKind[]>;
type Group = keyof typeof GROUPS;

const KindOption = ({ kind }: { kind: AuthorizationKind }) => {
  const text = useText();
  const hintId = `${React.useId()}-hint`;
  return (
    <Box>
      <Radio.Item value={kind} aria-describedby={hintId}>
        {text(`authorizations.kind.${kind}`)}
      </Radio.Item>
      <Box paddingLeft={7}>
        <Typography id={hintId} variant="pi" textColor="neutral600">
          {text(`authorizations.kindHint.${kind}`)}
        </Typography>
      </Box>
    </Box>
  );
};

const GroupOf = ({ group }: { group: Group }) => {
  const text = useText();
  const id = React.useId();
  return (
    <Grid.Item col={4} m={12} s={12} xs={12} alignItems="stretch">
      <Flex
        role="group"
        aria-labelledby={id}
        direction="column"
        alignItems="stretch"
        gap={3}
        width="100%"
        background="neutral100"
        hasRadius
        padding={4}
      >
        <Typography id={id} variant="pi" fontWeight="bold" textColor="neutral800">
          {text(`authorizations.group.${group}`)}
        </Typography>
        {GROUPS[group].map((kind) => (
          <KindOption key={kind} kind={kind} />
        ))}
      </Flex>
    </Grid.Item>
  );
};

type Props = {
  kind: AuthorizationKind;
  /** Of one that is stored, the choice opens only when it is asked for. */
  isStored: boolean;
  isReadOnly: boolean;
  error?: string;
  onChange: (kind: AuthorizationKind) => void;
};

type ClosedProps = Pick<Props, 'kind' | 'isReadOnly'> & { onOpen: () => void };

const Closed = ({ kind, isReadOnly, onOpen }: ClosedProps) => {
  const text = useText();
  return (
    <Flex gap={4} alignItems="flex-start" justifyContent="space-between">
      <Box minWidth={0}>
        <Typography tag="p" fontWeight="bold">
          {text(`authorizations.kind.${kind}`)}
        </Typography>
        <Typography textColor="neutral600">{text(`authorizations.kindHint.${kind}`)}</Typography>
      </Box>
      {!isReadOnly && (
        <Box shrink={0}>
          <TextButton type="button" onClick={onOpen}>
            {text('authorizations.changeKind')}
          </TextButton>
        </Box>
      )}
    </Flex>
  );
};

const Open = (props: Props) => {
  const text = useText();
  return (
    <Radio.Group
      aria-label={text('authorizations.kind')}
      value={props.kind}
      disabled={props.isReadOnly}
      onValueChange={(kind) => props.onChange(kind as AuthorizationKind)}
    >
      <Grid.Root gap={4}>
        <GroupOf group="sent" />
        <GroupOf group="proven" />
        <GroupOf group="fetched" />
      </Grid.Root>
    </Radio.Group>
  );
};

export const KindPicker = (props: Props) => {
  const [isOpen, setOpen] = React.useState(!props.isStored);
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {isOpen ? <Open {...props} /> : <Closed {...props} onOpen={() => setOpen(true)} />}
      {props.error && (
        <Typography variant="pi" textColor="danger600" role="alert">
          {props.error}
        </Typography>
      )}
    </Flex>
  );
};
