/** Copies a text, and says so. */
import { Button, IconButton } from '@strapi/design-system';
import { Duplicate } from '@strapi/icons';
import { useClipboard } from '@strapi/strapi/admin';
import { useText } from '../translations/use-text';
import { useNotice } from './use-notice';

type Props = {
  value: string;
  /** What is copied, in the button's own words, for example "Copy as curl". */
  label: string;
  isIcon?: boolean;
  onCopied?: () => void;
};

export const CopyButton = ({ value, label, isIcon = false, onCopied }: Props) => {
  const text = useText();
  const notice = useNotice();
  const { copy } = useClipboard();
  const onClick = async () => {
    if (await copy(value)) {
      notice.done(text('common.copied'));
      onCopied?.();
    } else notice.warn(text('common.copyFailed'));
  };
  return isIcon ? (
    <IconButton label={label} variant="ghost" onClick={onClick}>
      <Duplicate />
    </IconButton>
  ) : (
    <Button variant="tertiary" size="S" startIcon={<Duplicate />} onClick={onClick}>
      {label}
    </Button>
  );
};
