/** What a table tells each of its rows. A row component hands it on to Tr, or no cell can be reached by keyboard. */
export type RowPlace = { 'aria-rowindex'?: number };
