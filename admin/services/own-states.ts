/** Which workflows have states of their own to show: Strapi shows drafts and what is published by itself. */
import type { DocumentWorkflow } from '../../server/contract/document';
import { PUBLICATION } from '../../server/contract/workflow';

type Governed = Pick<DocumentWorkflow, 'workflow'>;

export const isPublication = ({ workflow }: Governed): boolean => workflow?.id === PUBLICATION;

export const hasOwnStates = (answer: Governed): boolean =>
  answer.workflow !== null && !isPublication(answer);

/** Of publication, only what Strapi does not show: what validations say, and what they said. */
export const hasPanel = (document: DocumentWorkflow): boolean =>
  hasOwnStates(document) ||
  (isPublication(document) && (document.isValidated || document.history.length > 0));
