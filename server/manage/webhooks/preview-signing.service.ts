/**
 * The signature of a preview. A signed body is accepted by its receiver, so only those who may send a test see one. Of a
 * webhook that has no secret yet, or whose secret cannot be read, the header is named without a value.
 */
import { randomBytes } from 'node:crypto';
import type { Signing } from '../../contract/webhook';
import { hasKeyPair, newSecret } from '../../store/secrets/webhook-secrets';
import { SIGNATURES } from '../../send/sign/sign';
import type { Active } from '../../match/active.service';

type Wish = { id?: string | undefined; signing: Signing };
type Signed = { signing: Signing; secrets: string[]; madeWhenSent: string[] };

export const createPreviewSigning = (active: Pick<Active, 'one'>) => {
  /** A secret serves every signature but Ed25519, so it stays when another one is chosen. */
  const secretsOf = async ({ id, signing }: Wish, now: number): Promise<string[]> => {
    const stored = id === undefined ? null : await active.one(id);
    if (!stored || hasKeyPair(stored.target.signing) !== hasKeyPair(signing)) return [];
    return stored.signingSecrets(now);
  };

  return async (
    wish: Wish,
    { maySign, now }: { maySign: boolean; now: number },
  ): Promise<Signed> => {
    const { signing } = wish;
    if (signing === 'none') return { signing, secrets: [], madeWhenSent: [] };
    const secrets = maySign ? await secretsOf(wish, now) : [];
    if (secrets.length > 0) return { signing, secrets, madeWhenSent: [] };
    // Signs the other headers of this signature; its own is left out.
    const { text } = newSecret(signing, randomBytes);
    return { signing, secrets: [text], madeWhenSent: [SIGNATURES[signing].header] };
  };
};

export type PreviewSigning = ReturnType<typeof createPreviewSigning>;
