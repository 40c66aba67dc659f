import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_NAMES } from '../../../server/contract/catalogue';
import type { WebhookEvent } from '../../../server/contract/event';
import { bodyOf } from '../../../server/send/request';
import { guidOf } from '../../../server/send/formats/sitecore/values';
import { sitecoreTree } from '../../../server/send/formats/sitecore/sitecore';
import { validate, version } from 'uuid';
import {
  articleEvent,
  articleModel,
  DOCUMENT_ID,
  mediaEvent,
  TIME,
  transition,
  transitionEvent,
  verdict,
  webhook,
  webhookEvent,
} from './events';
import { shapeProblems } from './shape';
import { parsed } from './xml-checks';

const reference = (file: string) => readFileSync(path.join(__dirname, 'reference', file), 'utf8');
const ACCOUNT = 'ada@example.com';
const body = (event: WebhookEvent): any =>
  sitecoreTree({ event, webhook, model: articleModel, account: ACCOUNT });

const STANDARD_NAMES = ['__Workflow state', '__Updated by', '__Created', '__Updated'];
const namesOf = (fields: any[]) => fields.map(({ FieldName }) => FieldName);

describe('the sitecore format beside the reference payloads', () => {
  it('has the keys, the nesting and the types of a saved item, and ours after them', () => {
    const expected = JSON.parse(reference('sitecore-item-saved.json'));
    const ours = body(articleEvent());
    expect(shapeProblems({ reference: expected, ours })).toEqual([]);
    expect(ours.Item.SharedFields).not.toEqual([]);
    expect(ours.Item.VersionedFields).not.toEqual([]);
    expect(ours.Changes.FieldChanges).not.toEqual([]);
  });

  it('has the keys, the nesting and the types of the end of a publication', () => {
    const expected = JSON.parse(reference('sitecore-publish-end.json'));
    const ours = body(articleEvent({ name: 'entry.publish' }));
    expect(shapeProblems({ reference: expected, ours })).toEqual([]);
    expect(ours.PublisherOptions.Languages).toEqual(['en']);
    expect(ours.PublisherOptions.PublishingTargets).toHaveLength(1);
  });

  it('has the keys, the nesting and the types of a deleted item in XML', () => {
    const expected = parsed(reference('sitecore-item-deleted.xml').replace(/>\s+</g, '><'));
    const { body: xml } = bodyOf({
      event: articleEvent({ name: 'entry.delete' }),
      webhook: { ...webhook, format: 'sitecore', serialization: 'xml' },
      model: articleModel,
    });
    expect(shapeProblems({ reference: expected, ours: parsed(xml) })).toEqual([]);
    expect(expected.event.ParentID).toBeDefined();
  });

  it('repeats the element of a list in XML, without a wrapper', () => {
    const { body: xml } = bodyOf({
      event: articleEvent({ name: 'entry.delete' }),
      webhook: { ...webhook, format: 'sitecore', serialization: 'xml' },
      model: articleModel,
    });
    expect(xml).toMatch(
      /<SharedFields><Id>[^<]+<\/Id><Value>3<\/Value><FieldName>rank<\/FieldName><\/SharedFields><SharedFields><Id>/,
    );
    expect(xml).not.toContain('UnversionedFields');
  });
});

describe('the sitecore event name', () => {
  it.each([
    ['entry.create', 'item:added'],
    ['entry.update', 'item:saved'],
    ['entry.draft-discard', 'item:saved'],
    ['entry.delete', 'item:deleted'],
    ['entry.publish', 'publish:end'],
    ['entry.unpublish', 'item:versionRemoved'],
    ['media.create', 'item:added'],
    ['media.update', 'item:saved'],
    ['media.delete', 'item:deleted'],
    ['schedule.create', 'item:added'],
    ['schedule.update', 'item:saved'],
    ['schedule.delete', 'item:deleted'],
    ['schedule.publish', 'publish:end'],
    ['schedule.archive', 'item:versionRemoved'],
    ['schedule.fail', 'schedule:fail'],
    ['workflow.transition', 'workflow:transition'],
    ['workflow.refused', 'workflow:refused'],
    ['webhook.test', 'webhook:test'],
    ['webhook.failing', 'webhook:failing'],
    ['webhook.disabled', 'webhook:disabled'],
  ])('of %s is %s', (name, expected) => {
    expect(EVENT_NAMES).toContain(name);
    expect(body(articleEvent({ name })).EventName).toBe(expected);
  });

  it('of a new locale of a document that was there already is item:versionAdded', () => {
    const event = articleEvent({ name: 'entry.create', isNewLocale: true });
    expect(body(event).EventName).toBe('item:versionAdded');
  });
});

describe('the item of the sitecore format', () => {
  const { Item, ...rest } = body(articleEvent());

  it('is named by the main field, in the language of the locale, with a whole version', () => {
    expect(Item).toMatchObject({
      Name: 'New',
      Language: 'en',
      Version: 1,
      TemplateName: 'Article',
    });
  });

  it('puts localised attributes among the versioned fields and the others among the shared', () => {
    expect(Item.VersionedFields[0]).toEqual({
      Id: expect.any(String),
      Value: 'New',
      Version: 1,
      Language: 'en',
      FieldName: 'title',
    });
    expect(namesOf(Item.VersionedFields)).toEqual(['title', ...STANDARD_NAMES]);
    expect(Item.SharedFields.map((field: any) => field.FieldName)).toEqual([
      'rank',
      'tags',
      'createdAt',
    ]);
    expect(Item.UnversionedFields).toEqual([]);
  });

  it('writes every value as text, and JSON where the attribute is not scalar', () => {
    expect(Item.SharedFields.map((field: any) => field.Value)).toEqual([
      '3',
      '[{"id":1,"documentId":"tag1"}]',
      '20260102T030405Z',
    ]);
  });

  it('writes null as empty text', () => {
    const { Item: item } = body(articleEvent({ entry: { title: null } }));
    expect(item.VersionedFields[0].Value).toBe('');
    expect(item.Name).toBe(DOCUMENT_ID);
  });

  it('tells where the document is, who acted and when, after the keys of Sitecore', () => {
    expect(Object.keys(Item).slice(-2)).toEqual(['Path', 'Url']);
    expect(Item.Path).toBe(`/api::article.article/${DOCUMENT_ID}`);
    expect(Object.keys(rest).slice(-4)).toEqual([
      'WebhookItemId',
      'WebhookItemName',
      'User',
      'Time',
    ]);
    expect(rest).toMatchObject({ WebhookItemName: 'Shop', User: 'Ada', Time: TIME });
  });

  it("has the project's default locale as its language where the content type has no locales", () => {
    const tree = (name: string): any =>
      sitecoreTree({
        event: articleEvent({ name, locale: null }),
        webhook,
        model: { ...articleModel, isLocalized: false },
        defaultLocale: 'fr',
      });
    const { Item } = tree('entry.update');
    expect([Item.Language, ...Item.VersionedFields.map((field: any) => field.Language)]).toEqual(
      Array(5).fill('fr'),
    );
    expect(tree('entry.publish').PublisherOptions.Languages).toEqual(['fr']);
    expect(tree('entry.delete').Item.Language).toBe('fr');
    expect(body(mediaEvent()).Item.Language).toBe('en');
  });

  it('holds every attribute as a shared field where the content type is no longer known', () => {
    const { Item: item }: any = sitecoreTree({ event: articleEvent(), webhook, model: null });
    expect(namesOf(item.VersionedFields)).toEqual(STANDARD_NAMES);
    expect(item.SharedFields).toHaveLength(4);
    expect(item.TemplateName).toBe('article');
  });

  it('has no versioned fields where the content type is not localised', () => {
    const model = { ...articleModel, isLocalized: false };
    const { Item: item }: any = sitecoreTree({ event: articleEvent(), webhook, model });
    expect(namesOf(item.VersionedFields)).toEqual(STANDARD_NAMES);
  });

  it('is made from a file too, with its name and its address', () => {
    const { Item: item, EventName }: any = sitecoreTree({
      event: mediaEvent(),
      webhook,
      model: null,
    });
    expect(EventName).toBe('item:added');
    expect(item).toMatchObject({ Name: 'cat.png', Url: '/uploads/cat.png' });
  });

  it('is left out where there is no document, and the entry comes as Data', () => {
    const tree = body(webhookEvent());
    expect(tree.Item).toBeUndefined();
    expect(tree).toMatchObject({ Data: { name: 'Search index' }, User: 'system' });
  });
});

describe('the changes of the sitecore format', () => {
  it('hold the new and the old value of a field as text', () => {
    const { Changes, Item } = body(articleEvent());
    expect(Changes).toEqual({
      FieldChanges: [
        {
          FieldId: Item.VersionedFields[0].Id,
          Value: 'New',
          OriginalValue: 'Old',
          FieldName: 'title',
        },
      ],
      PropertyChanges: [],
      IsUnversionedFieldChanged: false,
      IsSharedFieldChanged: false,
    });
  });

  it('say whether a shared field changed', () => {
    const changes = [{ field: 'rank', from: 2, to: 3 }];
    expect(body(articleEvent({ changes })).Changes.IsSharedFieldChanged).toBe(true);
  });
});

describe('a GUID of the sitecore format', () => {
  it('is a UUIDv5, and these exact ones for ever', () => {
    const guid = guidOf('document', 'api::article.article', 'abc');
    expect([validate(guid), version(guid)]).toEqual([true, 5]);
    expect(guid).toBe('34cc416c-0376-5221-ba2f-efba37876d9e');
    expect(guidOf('field', 'api::article.article', 'title')).toBe(
      'b757c423-909d-5d45-85c3-7220bbe8cc49',
    );
  });

  it('of a document is the same in every locale and event, and the same as a root of publication', () => {
    const { Item } = body(articleEvent());
    expect(body(articleEvent({ name: 'entry.delete', locale: 'de' })).Item.Id).toBe(Item.Id);
    expect(body(articleEvent({ name: 'entry.publish' })).PublisherOptions.RootItemId).toBe(Item.Id);
  });

  it('differs between documents, types, fields, webhooks, and things of the same name', () => {
    const guids = [
      guidOf('document', 'a', 'b'),
      guidOf('document', 'a', 'c'),
      guidOf('document', 'b', 'b'),
      guidOf('document', 'a,b'),
      guidOf('field', 'a', 'b'),
      guidOf('template', 'a'),
      guidOf('collection', 'a'),
      guidOf('webhook', 'a'),
    ];
    expect(new Set(guids).size).toBe(guids.length);
  });

  it('stays the same when more GUIDs have been made than are kept', () => {
    const before = guidOf('document', 'kept', '0');
    for (let index = 0; index < 6000; index += 1) guidOf('document', 'many', String(index));
    expect(guidOf('document', 'kept', '0')).toBe(before);
  });
});

describe('an action of the sitecore format beside the reference payload', () => {
  const expected = JSON.parse(reference('sitecore-submit-action.json'));
  const onCommand = { ...expected, NextState: expected.PreviousState };
  const action = (
    of: { kind?: 'submit' | 'validation'; on?: 'state' | 'command' },
    event = transitionEvent(),
  ): any =>
    sitecoreTree({
      event,
      webhook: { ...webhook, kind: 'submit', on: 'command', ...of },
      model: articleModel,
      account: ACCOUNT,
    });

  it('has the keys, the nesting and the types of a submit action in a state', () => {
    expect(shapeProblems({ reference: expected, ours: action({ on: 'state' }) })).toEqual([]);
    expect(expected.NextState).toBeNull();
  });

  it('tells the whole next state where it hangs on a command, to submit and to validate', () => {
    const asked = transitionEvent({}, 'workflow.validation');
    expect(shapeProblems({ reference: onCommand, ours: action({}) })).toEqual([]);
    expect(
      shapeProblems({ reference: onCommand, ours: action({ kind: 'validation' }, asked) }),
    ).toEqual([]);
  });

  it('is named by its webhook, of the same GUID and name twice', () => {
    const ours = action({});
    expect(ours).toMatchObject({ ActionName: 'Shop', WebhookItemName: 'Shop', Message: '' });
    expect(ours.ActionID).toBe(ours.WebhookItemId);
    expect(ours.ActionID).toBe(body(articleEvent()).WebhookItemId);
  });

  it('holds the document as an event does, and who moved it in which workflow', () => {
    const ours = action({});
    const workflowState = { workflow: 'wf1', state: 'draft' };
    expect(ours.DataItem).toEqual(body(articleEvent({ workflowState })).Item);
    expect(ours).toMatchObject({
      UserName: 'ada@example.com',
      WorkflowName: 'Simple Page Workflow',
    });
  });

  it('names the states, whether they are final, and by a GUID of its own for each', () => {
    const { PreviousState, NextState } = action({});
    expect(PreviousState).toMatchObject({ DisplayName: 'Draft', FinalState: false });
    expect(NextState).toMatchObject({ DisplayName: 'Approved', FinalState: true });
    expect(PreviousState.StateID).toBe(`{${guidOf('state', 'wf1', 'draft').toUpperCase()}}`);
    expect(NextState.StateID).not.toBe(PreviousState.StateID);
    const other = transitionEvent({ workflow: { id: 'wf2', name: 'Other' } });
    expect(action({}, other).PreviousState.StateID).not.toBe(PreviousState.StateID);
    expect(guidOf('state', 'wf1', 'draft')).toBe('44559620-f1ec-545e-9369-87fa0225c332');
  });

  it('has the comment in a list, which is empty without one', () => {
    expect(action({}).Comments).toEqual([{ Key: 'Comments', Value: 'Approved!' }]);
    for (const comment of [null, '']) {
      expect(action({}, transitionEvent({ comment })).Comments).toEqual([]);
    }
  });

  it('has no next state where the move has none', () => {
    expect(action({}, transitionEvent({ to: null })).NextState).toBeNull();
  });

  it('tells the command, the dry run, the event and its time after the keys of Sitecore', () => {
    expect(Object.keys(action({})).slice(-6)).toEqual([
      'EventId',
      'Time',
      'WorkflowId',
      'CommandName',
      'CommandKey',
      'DryRun',
    ]);
    expect(action({})).toMatchObject({
      EventId: 'evt_1',
      Time: TIME,
      WorkflowId: 'wf1',
      CommandName: 'Submit',
      CommandKey: 'submit',
      DryRun: false,
    });
    expect(action({}, transitionEvent({ command: null })).CommandName).toBeNull();
  });

  it('has no event name, by which receivers tell events from actions', () => {
    expect(action({})).not.toHaveProperty('EventName');
  });

  it('is the same tree in XML, with an empty element for null and none for an empty list', () => {
    const { body: xml } = bodyOf({
      event: transitionEvent({ comment: null }),
      webhook: {
        ...webhook,
        kind: 'submit',
        on: 'state',
        format: 'sitecore',
        serialization: 'xml',
      },
      model: articleModel,
    });
    const { event } = parsed(xml);
    const { Comments, ...present } = expected;
    expect(Object.keys(event).slice(0, 10)).toEqual(Object.keys(present));
    expect(Comments).toHaveLength(1);
    expect(xml).toMatch(/<event><ActionID>[^<]+<\/ActionID><ActionName>Shop<\/ActionName>/);
    expect(xml).toContain('</ActionName><DataItem>');
    expect(xml).toContain('<Message/><NextState/><PreviousState>');
    expect(xml).not.toContain('PreviewPublishingTargets');
  });

  it('is the body of an event where there is no move to tell, as in a test', () => {
    expect(action({}, webhookEvent({ name: 'webhook.test' })).EventName).toBe('webhook:test');
  });
});

describe('a move in a workflow as an event of the sitecore format', () => {
  it('has a name of ours, the item, and the states, comment and command after what every event has', () => {
    const tree = body(transitionEvent());
    expect(Object.keys(tree).join(' ')).toBe(
      'EventName Item WebhookItemId WebhookItemName User Time Comments NextState PreviousState WorkflowName WorkflowId CommandName CommandKey DryRun',
    );
    expect(tree).toMatchObject({
      EventName: 'workflow:transition',
      Item: { Name: 'New' },
      NextState: { StateKey: transition.to?.key },
      PreviousState: { StateKey: transition.from.key },
    });
  });

  it('that was refused tells what the endpoints answered', () => {
    const tree = body(transitionEvent({ verdicts: [verdict] }, 'workflow.refused'));
    expect(tree).toMatchObject({
      EventName: 'workflow:refused',
      Verdicts: [
        {
          WebhookItemId: guidOf('webhook', '2'),
          WebhookItemName: 'Spelling',
          Kind: 'refused',
          Message: 'Two words are wrong.',
          Errors: [{ Path: 'title', Message: 'Teh' }],
          Warnings: ['A long title.'],
        },
      ],
    });
  });

  it('has its item before the document is stored, too', () => {
    const event = { ...transitionEvent({}, 'workflow.refused'), documentId: null };
    expect(body(event).Item).toMatchObject({ Name: 'New', TemplateName: 'Article' });
  });
});
