/** What every part of the filter builder is told by the part around it. */
import type { FieldProblems } from '../../../services/problem';
import type { ContentTypeInfo } from '../../../../server/contract/content-type';

export type FilterProps = {
  /** Where messages about this part are to be found, as in "filter.and.0". */
  path: string;
  types: ContentTypeInfo[];
  problems: FieldProblems;
  isReadOnly: boolean;
};
