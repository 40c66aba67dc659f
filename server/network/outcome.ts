/** What one HTTP call came to. A receiver's refusal is an answer; nothing here is ever thrown. */

/** Header names in lower case; repeated ones are joined by ", ". */
export type Answered = {
  kind: 'answered';
  status: number;
  headers: Record<string, string>;
  /** The first `maxResponseBytes`, read as UTF-8. Never holds a NUL, which PostgreSQL cannot store. */
  body: string;
  /** True where the receiver said more than was read. */
  isTruncated: boolean;
  ms: number;
};

/**
 * `timeout`: the deadline of the whole exchange, or of connecting, passed ·
 * `connection`: name, network, TLS or HTTP failed before there was an answer ·
 * `blocked`: the address guard refused · `badUrl`: the URL cannot be called ·
 * `aborted`: we stopped it ourselves.
 */
export type FailureReason = 'timeout' | 'connection' | 'blocked' | 'badUrl' | 'aborted';

export type Failed = { kind: 'failed'; reason: FailureReason; message: string; ms: number };

export type Outcome = Answered | Failed;

/**
 * Found out before the request could leave as it must. `tooLarge`: its body · `auth`: its credentials; another call may
 * have been made in vain to get them. `isFinal`: a later attempt cannot end otherwise.
 */
export type Unsent = {
  kind: 'unsent';
  reason: 'tooLarge' | 'auth';
  message: string;
  isFinal: boolean;
  ms: number;
};
