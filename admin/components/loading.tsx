/** The spinner of a part of a page; the whole page has Strapi's Page.Loading. */
import { Flex, Loader } from '@strapi/design-system';
import { useText } from '../translations/use-text';

export const Loading = () => {
  const text = useText();
  return (
    <Flex justifyContent="center" padding={8} background="neutral0" hasRadius shadow="tableShadow">
      <Loader>{text('common.loading')}</Loader>
    </Flex>
  );
};
