/** Text as it goes over the wire, read only: scrolls in both directions, by keyboard too, and can be copied. */
import { Box, Flex, Typography } from '@strapi/design-system';
import { useText } from '../translations/use-text';
import { CopyButton } from './copy-button';

type Props = {
  /** Says what it is, as a heading and for screen readers. */
  label: string;
  code: string;
  /** What is copied, where it is not what is shown. */
  copied?: string;
  /** With the button or as selected text. */
  onCopied?: () => void;
  /** A CSS length. */
  maxHeight?: string;
};

export const CodeBlock = ({ label, code, copied = code, maxHeight = '32rem', onCopied }: Props) => {
  const text = useText();
  return (
    <Box width="100%" minWidth={0}>
      <Flex justifyContent="space-between" paddingBottom={1}>
        <Typography variant="pi" fontWeight="bold">
          {label}
        </Typography>
        <CopyButton
          isIcon
          value={copied}
          label={text('common.copyOf', { name: label })}
          onCopied={onCopied}
        />
      </Flex>
      <Box
        tag="pre"
        tabIndex={0}
        role="region"
        aria-label={label}
        onCopy={onCopied}
        background="neutral100"
        borderColor="neutral200"
        hasRadius
        padding={3}
        overflow="auto"
        maxHeight={maxHeight}
        maxWidth="100%"
        margin={0}
        fontSize={1}
        color="neutral800"
      >
        {code}
      </Box>
    </Box>
  );
};
