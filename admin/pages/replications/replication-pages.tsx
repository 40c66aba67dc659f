/** Settings > Replication > Create, and one of them. */
import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { useNavigate, useParams } from 'react-router-dom';
import type { Replication } from '../../../server/contract/replication';
import { useAutoRefresh } from '../../api/use-auto-refresh';
import { useApi } from '../../api/use-api';
import { useLoad, type Loaded as Load } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { BackLink } from '../../components/back-link';
import { ChangesSection } from '../../components/changes/changes-section';
import { FormFailure } from '../../components/form-failure';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { SectionBox } from '../../components/section-box';
import { UnsavedGuard } from '../../components/unsaved-guard';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { Fields } from './fields';
import { RunSection } from './run-section';
import { RunsSection } from './runs-section';
import { useReplicationForm } from './use-replication-form';
import { EVERY_MS, isRunning } from './use-running';

const FORM_ID = 'replication-form';

type EditorProps = {
  stored: Replication | null;
  onSaved: (saved: Replication) => void;
  /** Of the stored one: what is typed stays where its runs could not be followed. */
  load?: Load<Replication>;
};

/** What became of it so far. */
const History = ({ stored }: { stored: Replication }) => {
  const { id, updatedAt, lastRun } = stored;
  const api = useApi();
  const changes = React.useCallback(
    (page: number) => api.replications.changes(id, { page }),
    [api, id],
  );
  // Keyed by what changes them, they are asked for anew then.
  return (
    <>
      <RunsSection key={`${lastRun?.id} ${lastRun?.state}`} id={id} />
      <ChangesSection key={updatedAt} load={changes} />
    </>
  );
};

const Editor = ({ stored, onSaved, load }: EditorProps) => {
  const text = useText();
  const { may } = usePermissions();
  const form = useReplicationForm({ stored, onSaved });
  const maySave = may(stored ? 'replication.update' : 'replication.create');
  const save = (
    <Button
      type="submit"
      form={FORM_ID}
      startIcon={<Check />}
      loading={form.isSaving}
      disabled={!form.isDirty}
    >
      {text('common.save')}
    </Button>
  );
  return (
    <PageFrame
      permission={stored ? 'replication.read' : 'replication.create'}
      title={stored?.name ?? text('replications.create')}
      subtitle={stored?.destination}
      navigationAction={<BackLink to={pathTo('replications')} />}
      primaryAction={maySave && save}
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
            <SectionBox title={text('replications.general')}>
              <Fields form={form} isStored={stored !== null} isReadOnly={!maySave} />
            </SectionBox>
          </Flex>
        </form>
        {load && (
          <Loaded load={load}>
            {(replication) => (
              <RunSection
                replication={replication}
                isDirty={form.isDirty}
                onChange={load.refresh}
              />
            )}
          </Loaded>
        )}
        {stored && <History stored={stored} />}
      </Flex>
    </PageFrame>
  );
};

export const ReplicationCreate = () => {
  const navigate = useNavigate();
  return (
    <Editor
      stored={null}
      onSaved={({ id }) => navigate(pathTo('replications', id), { replace: true })}
    />
  );
};

export const ReplicationEdit = () => {
  const { id = '' } = useParams();
  const text = useText();
  const api = useApi();
  const load = useLoad(React.useCallback(() => api.replications.get(id), [api, id]));
  const isWanted =
    !load.isLoading && !load.problem && load.data !== undefined && isRunning(load.data);
  useAutoRefresh({ isWanted, refresh: load.refresh, every: EVERY_MS });
  if (load.data)
    return <Editor key={load.data.id} stored={load.data} onSaved={load.replace} load={load} />;
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
};
