/** A schedule in the sitecore format: an item of its own as it is made, changed and cancelled; its document's as it acts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScheduleFacts, WebhookEvent } from '../../../server/contract/event';
import { bodyOf } from '../../../server/send/request';
import { guidOf } from '../../../server/send/formats/sitecore/values';
import { sitecoreTree } from '../../../server/send/formats/sitecore/sitecore';
import { articleEvent, articleModel, DOCUMENT_ID, TIME, webhook } from './events';
import { shapeProblems } from './shape';
import { parsed } from './xml-checks';

const reference = (file: string) => readFileSync(path.join(__dirname, 'reference', file), 'utf8');

const SCHEDULE: ScheduleFacts = {
  id: 's1',
  uid: 'api::article.article',
  documentId: DOCUMENT_ID,
  locale: 'en',
  publishAt: TIME,
  archiveAt: null,
  timezone: 'Europe/Berlin',
  state: 'scheduled',
  error: null,
};

const eventOf = (name: string, more: Partial<WebhookEvent> = {}) =>
  articleEvent({ name, schedule: SCHEDULE, changes: [], ...more });
const body = (event: WebhookEvent): any => sitecoreTree({ event, webhook, model: articleModel });
const document = body(articleEvent()).Item;

const MOVED = [{ field: 'publishAt', from: null, to: TIME }];

test('A changed one has the keys, the nesting and the types of a saved item', () => {
  const ours = body(eventOf('schedule.update', { changes: MOVED }));
  const expected = JSON.parse(reference('sitecore-item-saved.json'));
  expect(shapeProblems({ reference: expected, ours })).toEqual([]);
  expect(ours.Changes.FieldChanges).toEqual([
    {
      FieldId: ours.Item.SharedFields[0].Id,
      Value: '20261121T181203Z',
      OriginalValue: '',
      FieldName: 'publishAt',
    },
  ]);
  expect(ours.Item.VersionedFields.map((field: any) => [field.FieldName, field.Value])).toEqual([
    ['__Workflow state', ''],
    ['__Updated by', 'admin\\1'],
    ['__Created', '00010101T000000Z'],
    ['__Updated', '20261121T181203Z'],
  ]);
});

test('It is an item below its document, with its times as fields', () => {
  const { Item } = body(eventOf('schedule.create'));
  expect(Item).toMatchObject({
    Id: guidOf('schedule', 's1'),
    Name: document.Name,
    ParentId: document.Id,
    TemplateName: 'Schedule',
    Language: 'en',
    Path: `/api::article.article/${DOCUMENT_ID}/schedules/s1`,
    Url: document.Url,
  });
  expect(Item.Id).not.toBe(document.Id);
  const created = Item.VersionedFields.find((field: any) => field.FieldName === '__Created');
  expect(created.Value).toBe('20261121T181203Z');
  expect(
    Object.fromEntries(Item.SharedFields.map((field: any) => [field.FieldName, field.Value])),
  ).toEqual({
    publishAt: '20261121T181203Z',
    archiveAt: '',
    timezone: 'Europe/Berlin',
    state: 'scheduled',
    error: '',
  });
});

test('A cancelled one has the keys of a deleted item in XML, with its parent beside it', () => {
  const { body: xml } = bodyOf({
    event: eventOf('schedule.delete'),
    webhook: { ...webhook, format: 'sitecore', serialization: 'xml' },
    model: articleModel,
  });
  const { event: ours } = parsed(xml);
  const { event: theirs } = parsed(reference('sitecore-item-deleted.xml').replace(/>\s+</g, '><'));
  const keysOf = (tree: object) => Object.keys(tree);
  expect(keysOf(ours).slice(0, keysOf(theirs).length)).toEqual(keysOf(theirs));
  expect(ours.ParentID).toBe(document.Id);
});

test('Its publishing is the end of a publication of the document, and its archiving a version of it removed', () => {
  const published = body(eventOf('schedule.publish'));
  const expected = JSON.parse(reference('sitecore-publish-end.json'));
  expect(shapeProblems({ reference: expected, ours: published })).toEqual([]);
  expect(published.PublisherOptions.RootItemId).toBe(document.Id);
  expect(body(eventOf('schedule.archive')).Item.Id).toBe(document.Id);
});

test.each(['create', 'update', 'delete', 'publish', 'archive', 'fail'])(
  'What only we tell of it comes after all of theirs: %s',
  (verb) => {
    const ours = body(eventOf(`schedule.${verb}`));
    expect(Object.keys(ours).at(-1)).toBe('Schedule');
    expect(ours.Schedule).toEqual(SCHEDULE);
  },
);
