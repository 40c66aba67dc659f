/** The metrics for Prometheus: only if a developer enables them, and only with a permitted token. */
import { metricsIn, type ParsedMetric } from '../../support/prometheus';
import { Stage } from '../delivery/stage';
import { Scene, no } from '../workflow/scene';

const PATH = '/api/workflow-webhooks/metrics';

/** A token with these permissions of the content API and no others. */
const makeToken = async (strapi: any, permissions: string[]): Promise<string> => {
  const token = await strapi.service('admin::api-token').create({
    name: `of a test ${process.hrtime.bigint()}`,
    description: '',
    type: 'custom',
    lifespan: null,
    permissions,
  });
  return token.accessKey;
};

const valueOf = (metric: ParsedMetric | undefined, labels: Record<string, string>) =>
  metric?.metrics.find((one) =>
    Object.entries(labels).every(([name, value]) => one.labels?.[name] === value),
  )?.value;

describe('metrics that are switched on', () => {
  let scene: Scene;
  let token: string;
  let url: string;

  beforeAll(async () => {
    scene = await Scene.start({ config: { metrics: { enabled: true } } });
    token = await scene.app.run(makeToken, ['plugin::workflow-webhooks.metrics.find']);
    url = `${scene.app.url}${PATH}`;
  });
  afterAll(() => scene?.stop());

  const ask = (bearer?: string) =>
    fetch(url, bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } });

  it('count sent and waiting deliveries, and the verdicts of validations', async () => {
    const { stage } = scene;
    stage.receiver.on('/fails').answer(500);
    const good = await stage.makeWebhook({ name: 'The "good" one', path: '/good' });
    const failing = await stage.makeWebhook({ path: '/fails' });
    await stage.write(3);
    await stage.finished(good);
    await stage.all(failing, ({ state, attemptCount }) => state !== 'sending' && attemptCount > 0);
    const workflow = await scene.makeWorkflow();
    const validation = await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(no('Not yet.'));
    await scene.run({ documentId: await scene.draft() }, 'submit');

    const answer = await ask(token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const found = metricsIn(await answer.text());
    const attempts = found.get('workflow_webhooks_attempts_total');
    expect(valueOf(attempts, { webhook: good.id, outcome: 'delivered' })).toBe('3');
    expect(valueOf(attempts, { webhook: failing.id, outcome: 'refused' })).toBe('3');
    const deliveries = found.get('workflow_webhooks_deliveries');
    expect(valueOf(deliveries, { state: 'delivered' })).toBe('3');
    expect(valueOf(deliveries, { state: 'retrying' })).toBe('3');
    const info = found.get('workflow_webhooks_webhook_info');
    expect(valueOf(info, { webhook: good.id, name: 'The "good" one', state: 'healthy' })).toBe('1');
    const verdicts = found.get('workflow_webhooks_validations_total');
    expect(valueOf(verdicts, { webhook: validation.id, verdict: 'refused' })).toBe('1');
    expect(valueOf(found.get('workflow_webhooks_dispatcher_running'), {})).toBe('1');
  });

  it('are served only to a token with the permission', async () => {
    const other = await scene.app.run(makeToken, ['api::notice.notice.find']);
    expect((await ask()).status).toBe(403);
    expect((await ask(other)).status).toBe(403);
    expect((await ask('nonsense')).status).toBe(401);
  });
});

it('disabled metrics are not served, and the answer explains how to enable them', async () => {
  const stage = await Stage.start();
  try {
    const token = await stage.app.run(makeToken, ['plugin::workflow-webhooks.metrics.find']);
    const answer = await fetch(`${stage.app.url}${PATH}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('metrics.enabled');
  } finally {
    await stage.stop();
  }
});
