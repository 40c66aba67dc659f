/** A receiver that repeats all secrets of a request in its answer. */
import { asUnicodeEscapes, asXmlReferences } from '../../support/canary';
import type { Received } from '../../support/receiver';

/** Repeats the request in body and headers, in the encodings of JSON, URLs, forms and XML. */
export const echo =
  (status: number, more: object = {}) =>
  (request: Received) => {
    const received = JSON.stringify([request.headers, request.query]);
    const { authorization = '' } = request.headers;
    return {
      status,
      headers: {
        'content-type': 'application/json',
        'x-echo': Buffer.from(received)
          .toString('latin1')
          .replace(/[^\x20-\x7e]/g, '?'),
        'x-echo-url': encodeURIComponent(received),
        'www-authenticate': `Bearer error="${authorization.replaceAll('"', "'")}"`,
      },
      body: JSON.stringify({
        references: asXmlReferences(`${authorization} ${request.headers['x-secret']}`),
        escapes: asUnicodeEscapes(`${authorization} ${request.headers['x-secret']}`),
        echo: request.headers,
        query: request.query,
        told: received,
        ...more,
      }),
    };
  };
