/** Workflows to start from, so that nobody begins with an empty page. */
import type { CommentRule, OnEnter } from '../../../server/contract/workflow';
import type { Text, TextKey } from '../../translations/use-text';
import { draftLike, type Draft } from './draft';

export const TEMPLATES = ['simple', 'legal', 'blank'] as const;
export type Template = (typeof TEMPLATES)[number];

export const isTemplate = (text: string | null): text is Template =>
  TEMPLATES.some((template) => template === text);

type StateName = 'draft' | 'review' | 'legal' | 'approved' | 'published';
type CommandName = 'submit' | 'accept' | 'approve' | 'reject' | 'publish' | 'rework';

type State = { key: string; color: string; final?: true; onEnter?: OnEnter };

/** Keys are the same in every language, so that receivers may rely on them. */
const STATES: Record<StateName, State> = {
  draft: { key: 'draft', color: '#8e8ea9' },
  review: { key: 'in-review', color: '#d9822f' },
  legal: { key: 'legal-review', color: '#9736e8' },
  approved: { key: 'approved', color: '#4945ff', final: true },
  published: { key: 'published', color: '#328048', final: true, onEnter: 'publish' },
};

type Command = { name: CommandName; from: StateName[]; to: StateName; comment?: CommentRule };

type Outline = { states: StateName[]; commands: Command[] };

const OUTLINES: Record<Template, Outline> = {
  simple: {
    states: ['draft', 'review', 'approved', 'published'],
    commands: [
      { name: 'submit', from: ['draft'], to: 'review' },
      { name: 'approve', from: ['review'], to: 'approved' },
      { name: 'reject', from: ['review'], to: 'draft', comment: 'required' },
      { name: 'publish', from: ['approved'], to: 'published', comment: 'none' },
      { name: 'rework', from: ['approved', 'published'], to: 'draft' },
    ],
  },
  legal: {
    states: ['draft', 'review', 'legal', 'approved', 'published'],
    commands: [
      { name: 'submit', from: ['draft'], to: 'review' },
      { name: 'accept', from: ['review'], to: 'legal' },
      { name: 'approve', from: ['legal'], to: 'approved' },
      { name: 'reject', from: ['review', 'legal'], to: 'draft', comment: 'required' },
      { name: 'publish', from: ['approved'], to: 'published', comment: 'none' },
      { name: 'rework', from: ['approved', 'published'], to: 'draft' },
    ],
  },
  blank: { states: ['draft'], commands: [] },
};

const stateName = (name: StateName): TextKey => `workflows.template.state.${name}`;
const commandName = (name: CommandName): TextKey => `workflows.template.command.${name}`;

const stateOf = (name: StateName, text: Text) => ({
  final: false,
  onEnter: null,
  ...STATES[name],
  name: text(stateName(name)),
});

const commandOf = ({ name, from, to, comment = 'optional' }: Command, text: Text) => ({
  key: name,
  name: text(commandName(name)),
  from: from.map((state) => STATES[state].key),
  to: STATES[to].key,
  roles: [],
  comment,
});

/** Its names in the administrator's language; the workflow's own name is left to be chosen. */
export const draftFrom = (template: Template, text: Text): Draft => {
  const { states, commands } = OUTLINES[template];
  return draftLike({
    name: '',
    contentTypes: [],
    initialState: STATES.draft.key,
    states: states.map((state) => stateOf(state, text)),
    commands: commands.map((command) => commandOf(command, text)),
  });
};
