/**
 * Strapi's document service, typed by what the plugin uses of it. Strapi types calls and middlewares by the project's
 * own content types, which a plugin cannot know.
 */
import type { Core } from '@strapi/strapi';

/** A call of the document service, as middlewares receive it. */
export type DocumentCall = {
  action: string;
  uid: string;
  params: {
    documentId?: string;
    locale?: string | string[] | null;
    status?: string;
    data?: Record<string, unknown>;
  };
};

type ResultRow = { id?: number | string; documentId?: string };
/** A row, or the rows of all locales and versions that the call was about. */
export type DocumentResult = (ResultRow & { entries?: ResultRow[] }) | null | undefined;

export type DocumentMiddleware = (
  call: DocumentCall,
  next: () => Promise<DocumentResult>,
) => Promise<unknown>;

/**
 * Middlewares run in the order of these calls, the first one outermost. This breaks if Strapi passes middlewares another
 * context than `{ action, uid, params }`, or answers an action with neither a row nor `{ entries }`.
 */
export function useDocumentMiddleware(strapi: Core.Strapi, middleware: DocumentMiddleware): void {
  strapi.documents.use(middleware as Parameters<Core.Strapi['documents']['use']>[0]);
}

type DocumentParams = Omit<DocumentCall['params'], 'documentId'> & Record<string, unknown>;
type Existing = DocumentParams & { documentId: string };

type Documents = {
  create(params: DocumentParams): Promise<unknown>;
  update(params: Existing): Promise<unknown>;
  publish(params: Existing): Promise<unknown>;
  unpublish(params: Existing): Promise<unknown>;
  discardDraft(params: Existing): Promise<unknown>;
  delete(params: Existing): Promise<unknown>;
};

/** The document service of a content type. This breaks if Strapi renames one of these actions or their parameters. */
export function documentsOf(strapi: Core.Strapi, uid: string): Documents {
  return strapi.documents(uid as Parameters<Core.Strapi['documents']>[0]) as Documents;
}
