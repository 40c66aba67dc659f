/** Tries a stored authorization: fetches a token, or calls an endpoint with it. */
import * as React from 'react';
import { Box, Button, Flex } from '@strapi/design-system';
import { Play } from '@strapi/icons';
import type { Authorization, AuthorizationCheck } from '../../../server/contract/authorization';
import { authorizations } from '../../services/authorizations';
import { problemOf, sentenceOf } from '../../services/problem';
import { useCall } from '../../services/use-load';
import { Labelled } from '../../components/labelled';
import { Message } from '../../components/message';
import { PlainInput } from '../../components/plain-input';
import { SectionBox } from '../../components/section-box';
import { useText } from '../../translations/use-text';
import { CheckResult } from './check-result';

type Failure = { url: string | undefined; general: string | null };
const NO_FAILURE: Failure = { url: undefined, general: null };

const useCheck = (id: string) => {
  const check = useCall(authorizations.check);
  const text = useText();
  const [result, setResult] = React.useState<AuthorizationCheck | null>(null);
  const [failure, setFailure] = React.useState(NO_FAILURE);
  const [isRunning, setRunning] = React.useState(false);
  const run = async (url: string) => {
    setRunning(true);
    setResult(null);
    setFailure(NO_FAILURE);
    try {
      setResult(await check({ id, input: { url } }));
    } catch (error) {
      const problem = problemOf(error);
      const { url: atUrl } = problem.fields;
      setFailure({ url: atUrl, general: atUrl ? null : sentenceOf(problem, text) });
    } finally {
      setRunning(false);
    }
  };
  const forget = () => setFailure(NO_FAILURE);
  return { result, failure, isRunning, run, forget };
};

const isOauth = ({ kind }: Authorization) =>
  kind === 'oauth2ClientCredentials' || kind === 'oauth2Password';

type Props = {
  authorization: Authorization;
  /** A check uses what is stored, which is then not what the form shows. */
  isDirty: boolean;
};

export const CheckSection = ({ authorization, isDirty }: Props) => {
  const text = useText();
  const [url, setUrl] = React.useState('');
  const { result, failure, isRunning, run, forget } = useCheck(authorization.id);
  const label = text('check.run');
  const start = (event: React.FormEvent) => {
    event.preventDefault();
    if (!isDirty && !isRunning) void run(url.trim());
  };
  const change = (typed: string) => {
    setUrl(typed);
    forget();
  };
  return (
    <SectionBox title={text('check.title')} description={text('check.description')}>
      <Flex direction="column" alignItems="stretch" gap={result || failure.general ? 4 : 0}>
        <Flex tag="form" onSubmit={start} noValidate gap={3} alignItems="flex-start">
          <Box flex="1" minWidth={0}>
            <Labelled
              name="checkUrl"
              label={text('check.url')}
              hint={text(isOauth(authorization) ? 'check.urlHint.oauth' : 'check.urlHint')}
              error={failure.url}
            >
              <PlainInput
                value={url}
                placeholder="https://example.com/hook"
                inputMode="url"
                onChange={change}
              />
            </Labelled>
          </Box>
          <Box paddingTop={5}>
            <Button
              type="submit"
              size="L"
              variant="secondary"
              startIcon={<Play />}
              loading={isRunning}
              disabled={isDirty}
            >
              {isDirty ? text('check.saveFirst') : label}
            </Button>
          </Box>
        </Flex>
        <Box aria-live="polite" aria-busy={isRunning}>
          {failure.general && (
            <Message variant="danger" title={text('check.notRun')}>
              {failure.general}
            </Message>
          )}
          {result && <CheckResult result={result} />}
        </Box>
      </Flex>
    </SectionBox>
  );
};
