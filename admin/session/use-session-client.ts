/** Strapi's client for requests. A request that fails because the session is over ends it. */
import * as React from 'react';
import { useFetchClient, type FetchClient } from '@strapi/strapi/admin';
import { problemOf } from '../api/problem';
import { useSessionEnd } from './session-end';

type Call = FetchClient['get'] | FetchClient['post'];

/** The same object on every render. */
export const useSessionClient = (): FetchClient => {
  const client = useFetchClient();
  const end = useSessionEnd();
  return React.useMemo(() => {
    const watched = <One extends Call>(call: One): One =>
      ((...input: Parameters<One>) =>
        (call as (...all: unknown[]) => Promise<unknown>)(...input).catch((error: unknown) => {
          if (problemOf(error).status === 401) end();
          throw error;
        })) as unknown as One;
    return {
      ...client,
      get: watched(client.get),
      post: watched(client.post),
      put: watched(client.put),
      del: watched(client.del),
    };
  }, [client, end]);
};
