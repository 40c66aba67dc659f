/** Asks where the documents and webhooks of a state or command go that is to be removed. */
import * as React from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import { Choice } from '../../components/choice';
import { Labelled } from '../../components/labelled';
import { Message } from '../../components/message';
import { ModalFrame } from '../../components/modal-frame';
import { useText } from '../../translations/use-text';
import type { Draft } from './draft';
import { removalOf, stakeOf, type Place } from './removal';
import type { Removing } from './use-removal';
import type { WorkflowForm } from './use-workflow-form';
import { WebhookNames } from '../../domain/webhook-names';

type Row = { id: string; name: string; key: string };

const rowOf = (draft: Draft, place: Place): Row | undefined =>
  draft[place.part].find(({ id }) => id === place.id) ?? removalOf(draft, place)?.row;

const stayingRows = (draft: Draft, { part, id }: Place): Row[] =>
  [...draft[part]].filter((row) => row.id !== id);

type Props = { form: WorkflowForm; removing: Removing };

const Stakes = ({ form, place, name }: { form: WorkflowForm; place: Place; name: string }) => {
  const text = useText();
  const { documents, webhooks } = stakeOf(form.draft, place, form.usage);
  return (
    <>
      {documents > 0 && (
        <Typography>{text('workflows.remove.documents', { count: documents, name })}</Typography>
      )}
      {webhooks.length > 0 && (
        <Flex direction="column" alignItems="flex-start" gap={2}>
          <Typography>
            {text('workflows.remove.webhooks', { count: webhooks.length, name })}
          </Typography>
          <WebhookNames webhooks={webhooks} />
        </Flex>
      )}
    </>
  );
};

const Asking = ({ form, removing, place }: Props & { place: Place }) => {
  const text = useText();
  const name = rowOf(form.draft, place)?.name || text('workflows.unnamed');
  const staying = stayingRows(form.draft, place);
  const [target, setTarget] = React.useState(removalOf(form.draft, place)?.target ?? null);
  return (
    <ModalFrame
      title={text(`workflows.remove.title.${place.part}`, { name })}
      onClose={removing.cancel}
      footer={
        <>
          <Button variant="tertiary" onClick={removing.cancel}>
            {text('common.cancel')}
          </Button>
          {staying.length > 0 && (
            <Button
              variant="danger"
              disabled={target === null}
              onClick={() => target !== null && removing.confirm(target)}
            >
              {text(`workflows.remove.confirm.${place.part}`)}
            </Button>
          )}
        </>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Stakes form={form} place={place} name={name} />
        {staying.length === 0 ? (
          <Message variant="warning">{text(`workflows.remove.nowhere.${place.part}`)}</Message>
        ) : (
          <Labelled
            name="moveTo"
            label={text(`workflows.remove.target.${place.part}`)}
            hint={text('workflows.remove.later')}
            isRequired
          >
            <Choice
              value={target}
              options={staying.map((row) => ({
                value: row.id,
                label: row.name || row.key || text('workflows.unnamed'),
              }))}
              placeholder={text(`workflows.remove.choose.${place.part}`)}
              onChange={setTarget}
            />
          </Labelled>
        )}
      </Flex>
    </ModalFrame>
  );
};

export const RemoveDialog = ({ form, removing }: Props) => {
  const { asked } = removing;
  return asked && <Asking key={asked.id} form={form} removing={removing} place={asked} />;
};
