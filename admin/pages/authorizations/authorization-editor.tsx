/** The page on which an authorization is made or changed. */
import { Button, Flex } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import type { Authorization } from '../../../server/contract/authorization';
import { usePermissions } from '../../api/use-permissions';
import { BackLink } from '../../components/back-link';
import { FormFailure } from '../../components/form-failure';
import { PageFrame } from '../../components/page-frame';
import { SectionBox } from '../../components/section-box';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { Credentials } from './credentials';
import { GeneralFields } from './general-fields';
import { UsedBy } from './used-by';
import { useAuthorizationForm } from './use-authorization-form';

const FORM_ID = 'authorization-form';

type Props = { stored: Authorization | null; onSaved: (saved: Authorization) => void };

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
            size="S"
          >
            {text('common.save')}
          </Button>
        )
      }
    >
      <UnsavedGuard isDirty={form.hasUnsaved} />
      <form id={FORM_ID} onSubmit={form.submit} noValidate autoComplete="off">
        <Flex direction="column" alignItems="stretch" gap={6}>
          <FormFailure message={form.failure} />
          <SectionBox title={text('authorizations.general')}>
            <GeneralFields form={form} isReadOnly={!maySave} />
          </SectionBox>
          <SectionBox
            title={text('authorizations.credentials')}
            description={text('authorizations.credentialsHint')}
          >
            <Credentials form={form} stored={stored} isReadOnly={!maySave} />
          </SectionBox>
          {stored && <UsedBy webhooks={stored.webhooks} />}
        </Flex>
      </form>
    </PageFrame>
  );
};
