/** Strapi's badge in colours that can be read: most of its own variants have too little contrast, by day or by night. */
import { Badge as StrapiBadge, type BadgeProps as StrapiProps } from '@strapi/design-system';

export type BadgeVariant = NonNullable<StrapiProps['variant']>;
export type BadgeProps = Omit<StrapiProps, 'active' | 'textColor' | 'backgroundColor'>;

/** Strapi's darkest orange is too pale for text on a light ground, so its border carries the colour. */
const WARNING = { textColor: 'neutral800', borderColor: 'warning600' } as const;

const lookOf = (variant: BadgeVariant) => {
  const look = { textColor: `${variant}700`, borderColor: `${variant}200` } as const;
  return variant === 'warning' ? WARNING : look;
};

export const Badge = ({ variant = 'neutral', ...props }: BadgeProps) => (
  <StrapiBadge backgroundColor={`${variant}100`} {...lookOf(variant)} {...props} />
);
