/** The headers of a request or an answer, read only, one a line. */
import { CodeBlock } from '../components/code-block';

type Props = { label: string; headers: Record<string, string> };

const headersText = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

export const HeadersList = ({ label, headers }: Props) => (
  <CodeBlock label={label} code={headersText(headers)} maxHeight="16rem" />
);
