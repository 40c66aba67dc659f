/** The states of a workflow as boxes, and its commands as arrows, as they are at this moment of the edit. */
import * as React from 'react';
import { Flex, Typography } from '@strapi/design-system';
import { styled, useTheme, type DefaultTheme } from 'styled-components';
import { useText } from '../../../translations/use-text';
import { readableOn, shownColor } from '../../../domain/color';
import type { Draft } from '../draft';
import { drawnOf, type Drawn } from './graph';
import {
  LABEL_SIZE,
  layoutOf,
  NAME_SIZE,
  NOTE_HEIGHT,
  NOTE_SIZE,
  START,
  type Arrow,
  type Box as StateBox,
} from './layout';
import { diagramSentence, notesOf } from './sentences';

type Colors = DefaultTheme['colors'];

const TIP = 8;
/** Made smaller to fit down to this part of its size; beyond, it is scrolled, or nobody could read it. */
const SMALLEST = 0.85;

/** A shadow at the side says that there is more to scroll to; at the end it is covered by what scrolls along. */
const Scroller = styled.div`
  overflow: auto;
  max-height: 32vh;
  background:
    linear-gradient(to right, ${({ theme }) => theme.colors.neutral0} 50%, transparent) 0 0 / 4rem
      100% local,
    linear-gradient(to left, ${({ theme }) => theme.colors.neutral0} 50%, transparent) 100% 0 / 4rem
      100% local,
    linear-gradient(to right, ${({ theme }) => theme.colors.neutral200}, transparent) 0 0 / 1.6rem
      100% scroll,
    linear-gradient(to left, ${({ theme }) => theme.colors.neutral200}, transparent) 100% 0 / 1.6rem
      100% scroll;
  background-repeat: no-repeat;
`;

const ArrowLine = ({ arrow, colors }: { arrow: Arrow; colors: Colors }) => {
  const { x, y, towards } = arrow.tip;
  const back = towards === 'right' ? -TIP : TIP;
  return (
    <g>
      <path
        d={arrow.path}
        fill="none"
        stroke={colors.neutral500}
        strokeWidth={1.5}
        strokeDasharray={arrow.isBack ? '5 4' : undefined}
      />
      <path
        d={`M ${x} ${y} l ${back} -4.5 v 9 z`}
        fill={colors.neutral600}
        stroke={colors.neutral0}
        strokeWidth={0.5}
      />
    </g>
  );
};

const ArrowLabel = ({ arrow, colors }: { arrow: Arrow; colors: Colors }) => {
  const { x, y, width, height, text: name } = arrow.label;
  return (
    <g>
      <title>{arrow.edge.name}</title>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={height / 2}
        fill={colors.neutral0}
        stroke={colors.neutral300}
      />
      <text
        x={x + width / 2}
        y={y + height / 2}
        fontSize={LABEL_SIZE}
        textAnchor="middle"
        dominantBaseline="central"
        fill={colors.neutral800}
      >
        {name}
      </text>
    </g>
  );
};

/** A dot and an arrow into the state in which new documents start. */
const StartMark = ({ box, colors }: { box: StateBox; colors: Colors }) => {
  const y = box.y + box.height / 2;
  const end = box.x - box.rim;
  const dot = box.x - START + 4;
  return (
    <g>
      <circle cx={dot} cy={y} r={5} fill={colors.neutral600} />
      <path d={`M ${dot} ${y} H ${end - 2}`} stroke={colors.neutral600} strokeWidth={1.5} />
      <path d={`M ${end} ${y} l ${-TIP} -4.5 v 9 z`} fill={colors.neutral600} />
    </g>
  );
};

/** Around the box: a second line says final, as in state diagrams everywhere; a dashed one that something is wrong. */
const Outline = ({ box, colors }: { box: StateBox; colors: Colors }) => {
  const { node, x, y, width, height, rim } = box;
  if (rim === 0) return null;
  const isWrong = node.isUnreachable || node.isStuck;
  return (
    <rect
      x={x - rim}
      y={y - rim}
      width={width + 2 * rim}
      height={height + 2 * rim}
      rx={9}
      fill="none"
      stroke={isWrong ? colors.warning600 : shownColor(node.color)}
      strokeWidth={isWrong ? 2.5 : 1.5}
      strokeDasharray={isWrong ? '6 4' : undefined}
    />
  );
};

const State = ({ box, colors }: { box: StateBox; colors: Colors }) => {
  const { node, x, y, width, height, name, notes } = box;
  const fill = readableOn(node.color);
  const middle = x + width / 2;
  const top = y + height / 2 - (notes.length * NOTE_HEIGHT) / 2;
  return (
    <g>
      <title>{node.name}</title>
      <Outline box={box} colors={colors} />
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={6}
        fill={shownColor(node.color)}
        stroke={colors.neutral300}
        strokeWidth={0.5}
      />
      <text
        x={middle}
        y={top}
        fontSize={NAME_SIZE}
        fontWeight={600}
        textAnchor="middle"
        dominantBaseline="central"
        fill={fill}
      >
        {name}
      </text>
      {notes.map((note, line) => (
        <text
          key={note}
          x={middle}
          y={top + (line + 1) * NOTE_HEIGHT + 1}
          fontSize={NOTE_SIZE}
          textAnchor="middle"
          dominantBaseline="central"
          fill={fill}
        >
          {note}
        </text>
      ))}
    </g>
  );
};

/** Words stand in for names that are still missing. */
const named = (drawn: Drawn, unnamed: string): Drawn => ({
  loose: drawn.loose.map((name) => name || unnamed),
  nodes: drawn.nodes.map((node) => ({ ...node, name: node.name || unnamed })),
  edges: drawn.edges.map((edge) => ({ ...edge, name: edge.name || unnamed })),
});

const Loose = ({ names }: { names: string[] }) => {
  const text = useText();
  if (names.length === 0) return null;
  return (
    <Typography variant="pi" textColor="warning700">
      {text('workflows.diagram.loose', { count: names.length, names: names.join(', ') })}
    </Typography>
  );
};

/** Drawn a moment later where the browser is busy: typing goes first. */
export const Diagram = ({ draft }: { draft: Draft }) => {
  const text = useText();
  const { colors } = useTheme();
  const shown = React.useDeferredValue(draft);
  const drawn = React.useMemo(
    () => named(drawnOf(shown), text('workflows.unnamed')),
    [shown, text],
  );
  const layout = React.useMemo(
    () => layoutOf(drawn.nodes, drawn.edges, (node) => notesOf(node, text)),
    [drawn, text],
  );
  const { width, height, boxes, arrows } = layout;
  if (boxes.length === 0) {
    return <Typography textColor="neutral600">{text('workflows.diagram.empty')}</Typography>;
  }
  const initial = boxes.find(({ node }) => node.isInitial);
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      <Scroller tabIndex={0} role="group" aria-label={text('workflows.diagram')}>
        <svg
          role="img"
          aria-label={diagramSentence(drawn, text)}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          style={{ display: 'block', maxWidth: '100%', minWidth: width * SMALLEST, height: 'auto' }}
        >
          {arrows.map((arrow) => (
            <ArrowLine key={arrow.edge.id} arrow={arrow} colors={colors} />
          ))}
          {initial && <StartMark box={initial} colors={colors} />}
          {boxes.map((box) => (
            <State key={box.node.id} box={box} colors={colors} />
          ))}
          {arrows.map((arrow) => (
            <ArrowLabel key={arrow.edge.id} arrow={arrow} colors={colors} />
          ))}
        </svg>
      </Scroller>
      <Loose names={drawn.loose} />
    </Flex>
  );
};
