/** A receiver that repeats the secrets that it is sent. */
import { asUnicodeEscapes, asXmlReferences } from '../../support/canary';
import type { Received } from '../../support/receiver';

/** Answers all that it was sent, in body and headers, as JSON, URL, form and XML write it. */
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
