/** What a new workflow starts from: one of a few that most teams know, or nothing. */
import { Flex, Grid, Typography } from '@strapi/design-system';
import { Link } from 'react-router-dom';
import { styled } from 'styled-components';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { StateStrip } from './state-mark';
import { draftFrom, TEMPLATES, type Template } from './templates';

/** The whole card is the link, so that there is one thing to hit and one to hear. */
const CardLink = styled(Link)`
  display: block;
  width: 100%;
  height: 100%;
  padding: ${({ theme }) => theme.spaces[5]};
  text-align: start;
  text-decoration: none;
  background: ${({ theme }) => theme.colors.neutral0};
  border: 1px solid ${({ theme }) => theme.colors.neutral200};
  border-radius: ${({ theme }) => theme.borderRadius};

  &:hover,
  &:focus-visible {
    border-color: ${({ theme }) => theme.colors.primary600};
  }
`;

const Card = ({ template }: { template: Template }) => {
  const text = useText();
  const { states } = draftFrom(template, text);
  return (
    <CardLink to={`${pathTo('workflows', 'create')}?template=${template}`}>
      <Flex direction="column" alignItems="flex-start" gap={3}>
        <Typography variant="delta" tag="h3" textColor="primary600">
          {text(`workflows.template.${template}`)}
        </Typography>
        <Typography variant="pi" textColor="neutral600">
          {text(`workflows.template.${template}.hint`)}
        </Typography>
        <StateStrip states={states} />
      </Flex>
    </CardLink>
  );
};

export const TemplateCards = () => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <Typography variant="delta" tag="h2" textColor="neutral800">
        {text('workflows.template.title')}
      </Typography>
      <Grid.Root gap={4} tag="ul" padding={0}>
        {TEMPLATES.map((template) => (
          <Grid.Item key={template} tag="li" col={4} s={12} alignItems="stretch">
            <Card template={template} />
          </Grid.Item>
        ))}
      </Grid.Root>
    </Flex>
  );
};
