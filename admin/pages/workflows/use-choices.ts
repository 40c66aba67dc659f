/** What the form of a workflow offers for choice: content types, what other workflows have of them, and roles. */
import * as React from 'react';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WorkflowChoices } from '../../../server/contract/workflow';
import { problemOf } from '../../api/problem';
import { useApi, type Api } from '../../api/use-api';
import { useLoad } from '../../api/use-load';

export type Choices = WorkflowChoices & { types: ContentTypeInfo[] };

/** Whoever may see workflows, but not what is asked for here, sees them with uids and ids in place of names. */
const unlessForbidden = <T>(asked: Promise<T>, otherwise: T): Promise<T> =>
  asked.catch((error: unknown) => {
    if (problemOf(error).status === 403) return otherwise;
    throw error;
  });

const typesOf = (api: Api): Promise<ContentTypeInfo[]> =>
  unlessForbidden(
    api.contentTypes().then(({ contentTypes }) => contentTypes),
    [],
  );

export const useTypes = () => {
  const api = useApi();
  return useLoad(React.useCallback(() => typesOf(api), [api]));
};

export const useChoices = () => {
  const api = useApi();
  return useLoad(
    React.useCallback(async (): Promise<Choices> => {
      const [choices, types] = await Promise.all([
        unlessForbidden(api.workflows.choices(), { workflows: [], roles: [] }),
        typesOf(api),
      ]);
      return { ...choices, types };
    }, [api]),
  );
};
