/** The page on which an authorization is made or changed. */
import { Button, Flex, Grid } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import type { Authorization } from '../../../server/contract/authorization';
import { authorizations } from '../../services/authorizations';
import { usePermissions } from '../../services/permissions';
import { BackLink } from '../../components/back-link';
import { ChangesSection } from '../../domain/changes/changes-section';
import { FormFailure } from '../../forms/form-failure';
import { PageFrame } from '../../components/page-frame';
import { SectionBox } from '../../components/section-box';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { CheckSection } from './check-section';
import { Credentials } from './credentials';
import { DescriptionField, HostsField, NameField } from './general-fields';
import { KindPicker } from './kind-picker';
import { UsedBy } from './used-by';
import { useAuthorizationForm, type AuthorizationForm } from './use-authorization-form';

const FORM_ID = 'authorization-form';

type FormProps = { form: AuthorizationForm; stored: Authorization | null; isReadOnly: boolean };

const General = ({ form, isReadOnly }: FormProps) => {
  const text = useText();
  return (
    <SectionBox title={text('authorizations.general')}>
      <Grid.Root gap={4}>
        <Grid.Item col={12} direction="column" alignItems="stretch">
          <NameField form={form} isReadOnly={isReadOnly} />
        </Grid.Item>
        <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
          <DescriptionField form={form} isReadOnly={isReadOnly} />
        </Grid.Item>
        <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
          <HostsField form={form} isReadOnly={isReadOnly} />
        </Grid.Item>
      </Grid.Root>
    </SectionBox>
  );
};

/** Each kind says what it is good for, and what Sitecore calls it. */
const Sections = (props: FormProps) => {
  const { form, stored, isReadOnly } = props;
  const { kind } = form.draft;
  const text = useText();
  const about = text(`authorizations.about.${kind}`);
  return (
    <>
      <General {...props} />
      <SectionBox title={text('authorizations.kind')}>
        <KindPicker
          kind={kind}
          isStored={stored !== null}
          isReadOnly={isReadOnly}
          error={form.problems.kind}
          onChange={(chosen) => form.change({ kind: chosen })}
        />
      </SectionBox>
      <SectionBox
        title={text('authorizations.credentials')}
        description={`${about} ${text('authorizations.credentialsHint')}`}
      >
        <Credentials {...props} />
      </SectionBox>
    </>
  );
};

const Afterwards = ({ stored, isDirty }: { stored: Authorization; isDirty: boolean }) => {
  const { may } = usePermissions();
  return (
    <>
      {may('authorization.update') && <CheckSection authorization={stored} isDirty={isDirty} />}
      <UsedBy webhooks={stored.webhooks} />
      <ChangesSection list={authorizations.changes} of={{ id: stored.id }} />
    </>
  );
};

type Props = { stored: Authorization | null; onSaved?: (saved: Authorization) => void };

export const AuthorizationEditor = ({ stored, onSaved }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const form = useAuthorizationForm({ stored, onSaved });
  const maySave = may(stored ? 'authorization.update' : 'authorization.create');
  return (
    <PageFrame
      permission={stored ? 'authorization.read' : 'authorization.create'}
      title={stored?.name ?? text('authorizations.create')}
      subtitle={stored ? text(`authorizations.kind.${stored.kind}`) : undefined}
      navigationAction={<BackLink to={pathTo('authorizations')} />}
      primaryAction={
        maySave && (
          <Button
            type="submit"
            form={FORM_ID}
            startIcon={<Check />}
            loading={form.isSaving}
            disabled={!form.isDirty}
          >
            {text('common.save')}
          </Button>
        )
      }
    >
      <UnsavedGuard isDirty={form.hasUnsaved} />
      <ConflictDialog
        conflict={form.conflict}
        onReload={form.reload}
        onOverwrite={form.overwrite}
      />
      <Flex direction="column" alignItems="stretch" gap={6}>
        <form id={FORM_ID} onSubmit={form.submit} noValidate autoComplete="off">
          <Flex direction="column" alignItems="stretch" gap={6}>
            <FormFailure message={form.failure} />
            <Sections form={form} stored={stored} isReadOnly={!maySave} />
          </Flex>
        </form>
        {stored && <Afterwards stored={stored} isDirty={form.isDirty} />}
      </Flex>
    </PageFrame>
  );
};
