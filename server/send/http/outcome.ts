/** What one HTTP call came to. A receiver's refusal is an answer; nothing here is ever thrown. */

/**
 * `size`: only the first `maxResponseBytes` were read · `deadline`: the rest had not come in time · `connection`: it broke
 * off · `stop`: we stopped the call. The status counts all the same.
 */
export type Cut = 'size' | 'deadline' | 'connection' | 'stop';

/** Header names in lower case; repeated ones are joined by ", ". */
export type Answered = {
  kind: 'answered';
  status: number;
  headers: Record<string, string>;
  /** The first `maxResponseBytes`, in the encoding that they are in. Never holds a NUL, which PostgreSQL cannot store. */
  body: string;
  /** True where the body is not whole. */
  isTruncated: boolean;
  /** Why it is not whole; absent where it is. */
  cutBy?: Cut;
  ms: number;
};

/**
 * `timeout`: the deadline of the whole exchange, or of connecting, passed before there was an answer ·
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
