/** A receiver that repeats the secrets that it is sent. */
import { inEscapes, inReferences } from '../../support/canary';
import type { Received } from '../../support/receiver';

/** Answers all that it was sent, in body and headers, as JSON, URL, form and XML write it. */
export const echo =
  (status: number, more: object = {}) =>
  (request: Received) => {
    const told = JSON.stringify([request.headers, request.query]);
    const { authorization = '' } = request.headers;
    return {
      status,
      headers: {
        'content-type': 'application/json',
        'x-echo': Buffer.from(told)
          .toString('latin1')
          .replace(/[^\x20-\x7e]/g, '?'),
        'x-echo-url': encodeURIComponent(told),
        'www-authenticate': `Bearer error="${authorization.replaceAll('"', "'")}"`,
      },
      body: JSON.stringify({
        references: inReferences(`${authorization} ${request.headers['x-secret']}`),
        escapes: inEscapes(`${authorization} ${request.headers['x-secret']}`),
        echo: request.headers,
        query: request.query,
        told,
        ...more,
      }),
    };
  };
