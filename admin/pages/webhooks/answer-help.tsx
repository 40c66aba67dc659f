/** Tells, in the form of a validation, what its endpoint has to answer. Closed until somebody asks. */
import { Accordion, Flex, Typography } from '@strapi/design-system';
import { Question } from '@strapi/icons';
import { CodeBlock } from '../../components/code-block';
import { useText } from '../../translations/use-text';
import { ANSWER_NAMES, ANSWERS } from './answer-samples';

export const AnswerHelp = () => {
  const text = useText();
  return (
    <Accordion.Root collapsible size="S">
      <Accordion.Item value="help">
        <Accordion.Header>
          <Accordion.Trigger icon={Question}>{text('answer.help')}</Accordion.Trigger>
        </Accordion.Header>
        <Accordion.Content>
          <Flex direction="column" alignItems="stretch" gap={4} padding={4}>
            <Typography>{text('answer.help.status')}</Typography>
            {ANSWER_NAMES.map((name) => (
              <CodeBlock key={name} label={text(`answer.sample.${name}`)} code={ANSWERS[name]} />
            ))}
            <Typography>{text('answer.help.path')}</Typography>
            <Typography>{text('answer.help.else')}</Typography>
          </Flex>
        </Accordion.Content>
      </Accordion.Item>
    </Accordion.Root>
  );
};
