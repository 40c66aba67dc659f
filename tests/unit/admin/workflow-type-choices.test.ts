/** Which content types the form of a workflow offers. */
import { typeChoices } from '../../../admin/pages/workflows/type-choices';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import { PUBLICATION } from '../../../server/contract/workflow';

const type = (uid: string, displayName: string, hasDraftAndPublish = true): ContentTypeInfo => ({
  uid,
  modelName: displayName.toLowerCase(),
  displayName,
  kind: 'collectionType',
  hasDraftAndPublish,
  isLocalized: false,
  isHidden: false,
  mainField: null,
  attributes: [],
});
const has = (id: string, name: string, contentTypes: string[]) => ({
  id,
  name,
  contentTypes,
  states: [],
  commands: [],
});

const TYPES = [
  type('api::a.a', 'Article'),
  type('api::p.p', 'Page'),
  type('api::h.h', 'Homepage'),
  type('api::t.t', 'Tag', false),
];
const WORKFLOWS = [
  has('1', 'Approval', ['api::a.a']),
  has('2', 'Ours', ['api::p.p']),
  has(PUBLICATION, 'Publication', ['api::h.h']),
];

describe('The content types of a workflow', () => {
  it('are free unless another workflow has them, which is named; publication has none for itself', () => {
    const choices = typeChoices(TYPES, WORKFLOWS, { id: '2', chosen: ['api::p.p'] });
    expect(choices.map(({ label, takenBy }) => [label, takenBy])).toEqual([
      ['Article', 'Approval'],
      ['Page', null],
      ['Homepage', null],
      ['Tag', null],
    ]);
  });

  it('stay free to be taken away where another workflow has them meanwhile', () => {
    const [article] = typeChoices(TYPES, WORKFLOWS, { id: '2', chosen: ['api::a.a'] });
    expect(article?.takenBy).toBeNull();
  });

  it('of the same name are told apart by their uids', () => {
    const twins = [type('api::a.a', 'Article'), type('plugin::b.a', 'Article')];
    const labels = typeChoices(twins, [], { id: null, chosen: [] }).map(({ label }) => label);
    expect(labels).toEqual(['Article (api::a.a)', 'Article (plugin::b.a)']);
  });

  it('are not hidden in the Content Manager, unless one is chosen already', () => {
    const types = [
      type('api::a.a', 'Article'),
      { ...type('api::r.r', 'Redirect'), isHidden: true },
    ];
    const labels = (chosen: string[]) =>
      typeChoices(types, [], { id: '1', chosen }).map(({ label }) => label);
    expect(labels([])).toEqual(['Article']);
    expect(labels(['api::r.r'])).toEqual(['Article', 'Redirect']);
  });

  it('without draft and publish are marked: no state of theirs can publish', () => {
    const choices = typeChoices(TYPES, [], { id: null, chosen: [] });
    expect(choices.map(({ isUnpublishable }) => isUnpublishable)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
