/** Fields, values and names that Sitecore's own receivers look up and parse. */
import type { WebhookEvent } from '../../../server/contract/event';
import { bodyOf } from '../../../server/send/request';
import { guidOf } from '../../../server/send/formats/sitecore/values';
import { sitecoreTree } from '../../../server/send/formats/sitecore/sitecore';
import {
  articleEntry,
  articleEvent,
  articleModel,
  mediaEvent,
  TIME,
  transitionEvent,
  webhook,
} from './events';
import { parsed } from './xml-checks';

const ACCOUNT = 'ada@example.com';
const body = (event: WebhookEvent): any =>
  sitecoreTree({ event, webhook, model: articleModel, account: ACCOUNT });

describe('the standard fields of the sitecore format', () => {
  const IDS = {
    state: '3e431de1-525e-47a3-b6b0-1ccbec3a8c98',
    updatedBy: 'badd9cf9-53e0-4d0c-bcc0-2d784c282f6a',
    created: '25bed78c-4957-4165-998a-ca1b52f67497',
    updated: 'd9cf14b1-fa16-4ba6-9288-e8a174d4d522',
  };
  const entry = { ...articleEntry, updatedAt: '2026-11-21T18:12:03.340Z' };
  const workflowState = { workflow: 'wf1', state: 'approved' };
  const standard = (item: any, id: string) =>
    item.VersionedFields.find((field: any) => field.Id === id);
  const valuesOf = (item: any) =>
    Object.values(IDS).map((id) => standard(item, id)?.Value as string | undefined);
  const APPROVED = `{${guidOf('state', 'wf1', 'approved').toUpperCase()}}`;
  const DRAFT = `{${guidOf('state', 'wf1', 'draft').toUpperCase()}}`;

  it.each([
    ['entry.create', articleEvent({ name: 'entry.create', changes: [] })],
    ['entry.update', articleEvent()],
    ['entry.delete', articleEvent({ name: 'entry.delete' })],
    ['entry.unpublish', articleEvent({ name: 'entry.unpublish' })],
    ['media.update', mediaEvent({ name: 'media.update' })],
  ])('stand in the item of %s under the ids of Sitecore', (_name, event) => {
    const { Item } = body({ ...event, entry, workflowState });
    expect(valuesOf(Item)).toEqual([APPROVED, ACCOUNT, '20260102T030405Z', '20261121T181203Z']);
    expect(standard(Item, IDS.state)).toMatchObject({
      Version: 1,
      Language: 'en',
      FieldName: '__Workflow state',
    });
  });

  it('are texts where there is no workflow, and where the project keeps its dates private', () => {
    const { Item } = body(articleEvent({ entry: { title: 'New' } }));
    expect(valuesOf(Item)).toEqual(['', ACCOUNT, '00010101T000000Z', '20261121T181203Z']);
  });

  it('stand in XML as in JSON', () => {
    const { body: xml } = bodyOf({
      event: articleEvent({ workflowState }),
      webhook: { ...webhook, format: 'sitecore', serialization: 'xml' },
      model: articleModel,
    });
    const fields = parsed(xml).event.Item.VersionedFields;
    expect(fields.find((field: any) => field.Id === IDS.state).Value).toBe(APPROVED);
  });

  it('name the state in which the document is while an action runs, as in Sitecore', () => {
    const item = (on: 'state' | 'command' | null, event = transitionEvent()): any => {
      const kind = on === null ? 'event' : 'submit';
      const tree: any = sitecoreTree({
        event,
        webhook: { ...webhook, kind, on },
        model: articleModel,
      });
      return standard(tree.DataItem ?? tree.Item, IDS.state).Value;
    };
    expect(item('command')).toBe(DRAFT);
    expect(item('state')).toBe(APPROVED);
    expect(item(null)).toBe(APPROVED);
    expect(item(null, transitionEvent({}, 'workflow.refused'))).toBe(DRAFT);
    expect(item('state', transitionEvent({ to: null }))).toBe(DRAFT);
  });
});

describe('a value of the sitecore format', () => {
  const types = { flag: 'boolean', at: 'datetime', day: 'date', hour: 'time', data: 'json' };
  const model = {
    ...articleModel,
    attributes: Object.entries(types).map(([name, type]) => ({
      name,
      type,
      isLocalized: true,
      isRepeatable: false,
    })),
  };
  const tree = (entry: Record<string, unknown>, more: Partial<WebhookEvent> = {}): any =>
    sitecoreTree({ event: articleEvent({ entry, ...more }), webhook, model });
  const value = (entry: Record<string, unknown>): string =>
    tree(entry).Item.VersionedFields[0].Value;

  it.each([
    ['flag', true, '1'],
    ['flag', false, ''],
    ['flag', null, ''],
    ['at', '2015-06-02T11:16:25.123Z', '20150602T111625Z'],
    ['at', '2015-06-02T13:16:25+02:00', '20150602T111625Z'],
    ['at', 'no date', 'no date'],
    ['day', '2015-06-02', '20150602T000000Z'],
    ['hour', '11:16:25.000', '11:16:25.000'],
    ['data', true, 'true'],
    ['data', { at: '2015-06-02T11:16:25.123Z' }, '{"at":"2015-06-02T11:16:25.123Z"}'],
  ])('of %s %j is stored as Sitecore stores it', (name, given, expected) => {
    expect(value({ [name]: given })).toBe(expected);
  });

  it('of a system date is written so too, and so are the values of a change', () => {
    const time = '2015-06-02T11:16:25.123Z';
    const { Item, Changes } = tree(
      { createdAt: time, updatedAt: time, publishedAt: time },
      {
        changes: [
          { field: 'at', from: null, to: time },
          { field: 'flag', from: false, to: true },
        ],
      },
    );
    expect(Item.SharedFields.map((field: any) => field.Value)).toEqual(
      Array(3).fill('20150602T111625Z'),
    );
    expect(Changes.FieldChanges).toMatchObject([
      { OriginalValue: '', Value: '20150602T111625Z' },
      { OriginalValue: '', Value: '1' },
    ]);
  });

  it('of a time that Sitecore itself writes as ISO 8601 stays so', () => {
    const { PublisherOptions } = tree(
      { createdAt: TIME },
      { name: 'entry.publish', previous: null },
    );
    expect(PublisherOptions).toMatchObject({ FromDate: TIME, PublishDate: TIME });
  });
});

describe('the user name of the sitecore format', () => {
  const userName = (actor: WebhookEvent['actor'], account?: string): string => {
    const event = articleEvent({ name: 'entry.publish', actor });
    const tree: any = sitecoreTree({ event, webhook, model: articleModel, account });
    return tree.PublisherOptions.UserName;
  };

  it('is the account, and not the name, which two people may share', () => {
    expect(userName({ type: 'admin', id: 1, name: 'Ada L' }, 'ada@example.com')).toBe(
      'ada@example.com',
    );
  });

  it('is unique where the account is not known any more', () => {
    const names = [
      userName({ type: 'admin', id: 1, name: 'Ada L' }),
      userName({ type: 'admin', id: 2, name: 'Ada L' }),
      userName({ type: 'user', id: 1, name: 'Ada L' }),
      userName({ type: 'api-token', id: 1, name: 'Import' }),
      userName({ type: 'user', id: null, name: null }),
      userName({ type: 'system', id: null, name: 'Ada L' }),
    ];
    expect(names).toEqual([
      'admin\\1',
      'admin\\2',
      'user\\1',
      'api-token\\Import',
      'public\\anonymous',
      'system\\strapi',
    ]);
  });
});
