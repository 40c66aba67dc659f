/** The diagram in words, for those who do not see it. */
import type { Text } from '../../../translations/use-text';
import type { Drawn, Node } from './graph';

/** "Draft --Submit--> In review", in the order of the commands. */
const arrowSentences = ({ nodes, edges }: Pick<Drawn, 'nodes' | 'edges'>): string[] => {
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? '';
  return edges.map(({ name, from, to }) => `${nameOf(from)} --${name}--> ${nameOf(to)}`);
};

/** What is written below a state's name, a line each: what it is, and what is wrong with it. */
export const notesOf = (node: Node, text: Text): string[] => {
  const is = [
    node.isInitial && text('workflows.diagram.initial'),
    node.isFinal && text('workflows.diagram.final'),
    node.onEnter && text(`workflows.diagram.onEnter.${node.onEnter}`),
  ].filter((word) => typeof word === 'string');
  return [
    ...(is.length > 0 ? [is.join(' · ')] : []),
    ...(node.isUnreachable ? [text('workflows.diagram.unreachable')] : []),
    ...(node.isStuck ? [text('workflows.diagram.stuck')] : []),
  ];
};

const stateSentence = (node: Node, text: Text): string => {
  const notes = notesOf(node, text);
  return notes.length > 0 ? `${node.name} (${notes.join(', ')})` : node.name;
};

export const diagramSentence = (drawn: Drawn, text: Text): string =>
  text('workflows.diagram.alt', {
    states: drawn.nodes.map((node) => stateSentence(node, text)).join('; '),
    commands: arrowSentences(drawn).join('; ') || text('workflows.diagram.noCommand'),
  });
