/** With what receivers check Ed25519 signatures: the key itself, and where they can fetch it. Neither is secret. */
import { Flex } from '@strapi/design-system';
import { PLUGIN_ID } from '../../../server/contract/names';
import { CodeBlock } from '../../components/code-block';
import { useText } from '../../translations/use-text';

/** Where the content API answers; of a panel on the same server, the address of the page. */
const publicUrl = (webhookId: string) => {
  const backend = (window as { strapi?: { backendURL?: string } }).strapi?.backendURL;
  const place = `/api/${PLUGIN_ID}/public-keys/${encodeURIComponent(webhookId)}`;
  const base = new URL(backend || '/', window.location.origin).href.replace(/\/$/, '');
  return base + place;
};

type Props = { webhookId: string; publicKey: string };

export const PublicKey = ({ webhookId, publicKey }: Props) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <CodeBlock label={text('security.publicKey')} code={publicKey} />
      <CodeBlock label={text('security.publicKeyUrl')} code={publicUrl(webhookId)} />
    </Flex>
  );
};
