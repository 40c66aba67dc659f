/** What a document is called in its list: by the field that is set to be its title, else by its id. */
type Document = { documentId: string; [field: string]: unknown };

export const titleOf = (document: Document, mainField: string | undefined): string => {
  const title = mainField && mainField !== 'id' ? document[mainField] : null;
  return typeof title === 'string' && title.trim() !== '' ? title : document.documentId;
};
