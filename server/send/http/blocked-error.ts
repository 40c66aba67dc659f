/** How the address guard refuses from inside a connection; becomes the outcome `blocked`. */
export class BlockedError extends Error {
  override name = 'BlockedError';
  // undici connects again and again on its own UND_ERR_SOCKET and UND_ERR_INFO, and on nothing else.
  readonly code = 'WEBHOOK_ADDRESS_BLOCKED';
}
