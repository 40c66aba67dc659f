/** The identity of an event: what receivers tell duplicates by. */
import { v7 } from 'uuid';

/** `evt_` and a UUIDv7 (RFC 9562) without dashes: unique, and sortable by time. */
export const eventId = () => `evt_${v7().replaceAll('-', '')}`;
