/** A message that stays as long as what it says is true. Strapi's Alert always has a close button, which here would close nothing. */
import { Flex, Typography } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';

type Props = { variant: 'danger' | 'warning'; title?: string; children: string };

export const Message = ({ variant, title, children }: Props) => (
  <Flex
    role={variant === 'danger' ? 'alert' : 'status'}
    background={`${variant}100`}
    borderColor={`${variant}200`}
    hasRadius
    gap={3}
    padding={4}
    alignItems="flex-start"
  >
    <Flex shrink={0}>
      <WarningCircle aria-hidden fill={`${variant}600`} />
    </Flex>
    <Flex direction="column" alignItems="flex-start" gap={1} minWidth={0}>
      {title && (
        <Typography fontWeight="bold" textColor="neutral800">
          {title}
        </Typography>
      )}
      <Typography textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </Flex>
  </Flex>
);
