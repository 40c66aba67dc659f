/** A chart with its title and legend, or the same figures as a table: whoever cannot see the one reads the other. */
import * as React from 'react';
import { Box, Button, Table, Tbody, Td, Th, Thead, Tr, Typography } from '@strapi/design-system';
import { ChartBubble, List } from '@strapi/icons';
import { SectionBox } from '../../components/section-box';
import { useText } from '../../translations/use-text';

export type FigureTable = {
  /** Of the columns after the first, which is the time. */
  columns: string[];
  rows: { key: string; label: string; cells: string[] }[];
};

const Figures = ({ title, columns, rows }: FigureTable & { title: string }) => {
  const text = useText();
  return (
    <Box maxHeight="32rem" overflow="auto" tabIndex={0} role="region" aria-label={title}>
      <Table colCount={columns.length + 1} rowCount={rows.length + 1}>
        <Thead>
          <Tr>
            {[text('overview.time'), ...columns].map((column) => (
              <Th key={column}>
                <Typography variant="sigma" textColor="neutral600">
                  {column}
                </Typography>
              </Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {rows.map(({ key, label, cells }) => (
            <Tr key={key}>
              <Td>
                <Typography>{label}</Typography>
              </Td>
              {cells.map((cell, index) => (
                <Td key={columns[index]}>
                  <Typography>{cell}</Typography>
                </Td>
              ))}
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Box>
  );
};

type Props = {
  title: string;
  description?: string;
  /** Above the chart; the table has it in its head. */
  legend: React.ReactNode;
  table: FigureTable;
  children: React.ReactNode;
};

export const ChartBox = ({ title, description, legend, table, children }: Props) => {
  const text = useText();
  const [isTable, setTable] = React.useState(false);
  return (
    <SectionBox
      title={title}
      description={description}
      action={
        <Button
          variant="tertiary"
          size="S"
          startIcon={isTable ? <ChartBubble /> : <List />}
          onClick={() => setTable(!isTable)}
          aria-label={text(isTable ? 'overview.chartOf' : 'overview.tableOf', { title })}
        >
          {text(isTable ? 'overview.asChart' : 'overview.asTable')}
        </Button>
      }
    >
      {isTable ? (
        <Figures title={title} {...table} />
      ) : (
        <>
          {legend}
          {children}
        </>
      )}
    </SectionBox>
  );
};
