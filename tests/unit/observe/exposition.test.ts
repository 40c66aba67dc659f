import { createMeter, textOf } from '../../../server/observe/metrics';
import { metricsIn } from '../../support/prometheus';

describe('metrics', () => {
  it('are read by a third-party parser, with any name of a webhook', () => {
    const name = 'A "quoted"\nname \\ with {braces}, and ü';
    const text = textOf([
      {
        name: 'a_gauge',
        type: 'gauge',
        help: 'A gauge.',
        samples: [{ labels: { name }, value: 2 }],
      },
      { name: 'none_yet', type: 'counter', help: 'Nothing so far.', samples: [] },
    ]);
    expect(text.endsWith('\n')).toBe(true);
    expect(metricsIn(text).get('a_gauge')).toEqual({
      name: 'a_gauge',
      help: 'A gauge.',
      type: 'GAUGE',
      metrics: [{ value: '2', labels: { name } }],
    });
  });

  it('count attempts by outcome and validations by verdict', () => {
    const meter = createMeter();
    meter.attempted('w1', 'delivered', 20);
    meter.attempted('w1', 'delivered', 30);
    meter.attempted('w1', 'timeout', 40_000);
    meter.judged('w2', 'refused');
    const found = metricsIn(textOf(meter.metrics()));
    expect(found.get('workflow_webhooks_attempts_total')?.metrics).toEqual([
      { value: '2', labels: { webhook: 'w1', outcome: 'delivered' } },
      { value: '1', labels: { webhook: 'w1', outcome: 'timeout' } },
    ]);
    expect(found.get('workflow_webhooks_validations_total')?.metrics).toEqual([
      { value: '1', labels: { webhook: 'w2', verdict: 'refused' } },
    ]);
  });

  it('contain durations as a histogram with cumulative buckets', () => {
    const meter = createMeter();
    for (const ms of [4, 20, 20, 40_000]) meter.attempted('w1', 'delivered', ms);
    const lines = textOf(meter.metrics()).split('\n');
    const duration = 'workflow_webhooks_attempt_duration_seconds';
    expect(lines).toEqual(
      expect.arrayContaining([
        `# TYPE ${duration} histogram`,
        `${duration}_bucket{webhook="w1",le="0.005"} 1`,
        `${duration}_bucket{webhook="w1",le="0.01"} 1`,
        `${duration}_bucket{webhook="w1",le="0.025"} 3`,
        `${duration}_bucket{webhook="w1",le="30"} 3`,
        `${duration}_bucket{webhook="w1",le="+Inf"} 4`,
        `${duration}_sum{webhook="w1"} 40.044`,
        `${duration}_count{webhook="w1"} 4`,
      ]),
    );
  });
});
