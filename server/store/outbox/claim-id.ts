/** A claim's id names the process that holds it, so that a process knows its own claims from those of others. Pure. */

export const claimIdOf = (owner: string, unique: string): string => `${owner}.${unique}`;

export const ownerOf = (claimId: string | null): string | null => claimId?.split('.', 1)[0] ?? null;
