/** Settings > Replication > Create, and one of them. */
import type * as React from 'react';
import { Flex } from '@strapi/design-system';
import { useNavigate, useParams } from 'react-router-dom';
import type { Replication } from '../../../server/contract/replication';
import { BackLink } from '../../components/back-link';
import { ChangesSection } from '../../domain/changes/changes-section';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { ResourceForm, SaveButton } from '../../forms/resource-form';
import { useResourceForm } from '../../forms/use-resource-form';
import { pathTo } from '../../paths';
import { usePermissions } from '../../services/permissions';
import { replications } from '../../services/replications';
import { useLoad } from '../../services/use-load';
import { useText } from '../../translations/use-text';
import { replicationForm } from './form';
import { whileRunning } from './running';
import { GeneralSection } from './sections/general';
import { LastRunSection } from './sections/last-run';
import { RunsSection } from './sections/runs';

const FORM_ID = 'replication-form';

type EditorProps = {
  stored: Replication | null;
  onSaved?: (saved: Replication) => void;
  /** Below the form, if there is anything to show of a stored one. */
  children?: (isDirty: boolean) => React.ReactNode;
};

const Editor = ({ stored, onSaved, children }: EditorProps) => {
  const text = useText();
  const { may } = usePermissions();
  const form = useResourceForm(replicationForm, { stored, endpoints: replications, onSaved });
  const maySave = may(stored ? 'replication.update' : 'replication.create');
  return (
    <PageFrame
      permission={stored ? 'replication.read' : 'replication.create'}
      title={stored?.name ?? text('replications.create')}
      subtitle={stored?.destination}
      navigationAction={<BackLink to={pathTo('replications')} />}
      primaryAction={maySave && <SaveButton formId={FORM_ID} form={form} />}
    >
      <Flex direction="column" alignItems="stretch" gap={6}>
        <ResourceForm id={FORM_ID} form={form} isReadOnly={!maySave}>
          <GeneralSection isStored={stored !== null} />
        </ResourceForm>
        {children?.(form.isDirty)}
      </Flex>
    </PageFrame>
  );
};

export const CreatePage = () => {
  const navigate = useNavigate();
  return (
    <Editor
      stored={null}
      onSaved={({ id }) => navigate(pathTo('replications', id), { replace: true })}
    />
  );
};

export const EditPage = () => {
  const { id = '' } = useParams();
  const text = useText();
  const load = useLoad(replications.one, id, { every: (one) => whileRunning([one]) });
  if (load.data?.id !== id)
    return (
      <PageFrame
        permission="replication.read"
        title={text('replications.title')}
        navigationAction={<BackLink to={pathTo('replications')} />}
        isBusy={load.isLoading}
      >
        <Loaded load={load}>{() => null}</Loaded>
      </PageFrame>
    );
  const { lastRun } = load.data;
  return (
    <Editor key={id} stored={load.data}>
      {(isDirty) => (
        <>
          {/* What is typed stays if the runs could not be followed. */}
          <Loaded load={load}>
            {(replication) => <LastRunSection replication={replication} isDirty={isDirty} />}
          </Loaded>
          {/* The key: a run that began or ended is loaded. */}
          <RunsSection key={`${lastRun?.id} ${lastRun?.state}`} id={id} />
          <ChangesSection list={replications.changes} of={{ id }} />
        </>
      )}
    </Editor>
  );
};
