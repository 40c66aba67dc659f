/** What both OAuth kinds ask for: where tokens come from, who asks for them, and what they are for. */
import type * as React from 'react';
import { Flex, Grid, Typography } from '@strapi/design-system';
import { CLIENT_AUTHENTICATIONS } from '../../../server/contract/authorization';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { LineList } from '../../components/line-list';
import { NamedValues } from '../../components/named-values';
import { RadioChoice } from '../../components/radio-choice';
import { useText } from '../../translations/use-text';
import type { TokenSource } from './draft';
import { TextOf, type FieldsProps } from './fields';

const SOURCES: readonly TokenSource[] = ['tokenUrl', 'authorityUrl'];

const Half = ({ children }: { children: React.ReactNode }) => (
  <Grid.Item col={6} m={6} s={12} xs={12} direction="column" alignItems="stretch">
    {children}
  </Grid.Item>
);

const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Flex tag="section" aria-label={title} direction="column" alignItems="stretch" gap={4}>
    <Typography variant="omega" fontWeight="bold" tag="h3">
      {title}
    </Typography>
    {children}
  </Flex>
);

const Bases = ({ form, isReadOnly }: FieldsProps) => {
  const text = useText();
  return (
    <LineList
      name="additionalBaseAddresses"
      label={text('authorizations.field.additionalBaseAddresses')}
      hint={text('authorizations.hint.additionalBaseAddresses')}
      placeholder="https://tokens.example.com"
      value={form.draft.additionalBaseAddresses}
      problems={form.problems}
      isReadOnly={isReadOnly}
      onChange={(additionalBaseAddresses) => form.change({ additionalBaseAddresses })}
    />
  );
};

/** One of the two URLs is asked for; what was typed in the other stays until the form is left. */
const Source = (props: FieldsProps) => {
  const { form, isReadOnly } = props;
  const { tokenSource } = form.draft;
  const text = useText();
  return (
    <Part title={text('authorizations.part.source')}>
      <RadioChoice
        label={text('authorizations.field.tokenSource')}
        value={tokenSource}
        options={SOURCES.map((value) => ({
          value,
          label: text(`authorizations.tokenSource.${value}`),
          hint: text(`authorizations.tokenSource.${value}.hint`),
        }))}
        isDisabled={isReadOnly}
        onChange={(source) => form.change({ tokenSource: source })}
      />
      <TextOf {...props} field={tokenSource} />
      {tokenSource === 'authorityUrl' && <Bases {...props} />}
    </Part>
  );
};

const ClientAuthentication = ({ form, isReadOnly }: FieldsProps) => {
  const { clientAuthentication } = form.draft;
  const text = useText();
  return (
    <Labelled
      name="clientAuthentication"
      label={text('authorizations.field.clientAuthentication')}
      hint={text('authorizations.hint.clientAuthentication')}
      error={form.problems.clientAuthentication}
      isRequired
    >
      <Choice
        value={clientAuthentication}
        options={CLIENT_AUTHENTICATIONS.map((value) => ({
          value,
          label: text(`authorizations.clientAuthentication.${value}`),
        }))}
        isDisabled={isReadOnly}
        onChange={(chosen) => form.change({ clientAuthentication: chosen })}
      />
    </Labelled>
  );
};

const Parameters = ({ form, isReadOnly }: FieldsProps) => {
  const text = useText();
  return (
    <NamedValues
      name="parameters"
      rows={form.draft.parameters}
      texts={{
        title: text('authorizations.field.parameters'),
        hint: text('authorizations.hint.parameters'),
        row: text('authorizations.parameter'),
        name: text('headers.name'),
        value: text('headers.value'),
        add: text('authorizations.addParameter'),
      }}
      placeholder="audience"
      problems={form.problems}
      isReadOnly={isReadOnly}
      onChange={(parameters) => form.change({ parameters })}
    />
  );
};

const Client = (props: FieldsProps) => {
  const text = useText();
  return (
    <Part title={text('authorizations.part.client')}>
      <Grid.Root gap={4}>
        <Half>
          <TextOf {...props} field="clientId" />
        </Half>
        <Half>
          <TextOf {...props} field="clientSecret" />
        </Half>
        <Grid.Item col={12} direction="column" alignItems="stretch">
          <ClientAuthentication {...props} />
        </Grid.Item>
      </Grid.Root>
    </Part>
  );
};

const User = (props: FieldsProps) => {
  const text = useText();
  return (
    <Part title={text('authorizations.part.user')}>
      <Grid.Root gap={4}>
        <Half>
          <TextOf {...props} field="username" />
        </Half>
        <Half>
          <TextOf {...props} field="password" />
        </Half>
      </Grid.Root>
    </Part>
  );
};

const Token = (props: FieldsProps) => {
  const text = useText();
  return (
    <Part title={text('authorizations.part.token')}>
      <Grid.Root gap={4}>
        <Half>
          <TextOf {...props} field="scope" />
        </Half>
        <Half>
          <TextOf {...props} field="headerPrefix" />
        </Half>
      </Grid.Root>
      <Parameters {...props} />
    </Part>
  );
};

export const OauthFields = (props: FieldsProps) => (
  <Flex direction="column" alignItems="stretch" gap={7}>
    <Source {...props} />
    <Client {...props} />
    {props.form.draft.kind === 'oauth2Password' && <User {...props} />}
    <Token {...props} />
  </Flex>
);
