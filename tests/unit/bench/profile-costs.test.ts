import { costsOf } from '../../../bench/profile-costs';
import type { ProfileNode } from '../../../bench/profile-in-strapi';

const node = (
  id: number,
  [functionName, url]: [string, string],
  children: number[] = [],
): ProfileNode => ({
  id,
  callFrame: { functionName, url, lineNumber: 0, columnNumber: 0 },
  children,
});

const NODES = [
  node(1, ['(root)', ''], [2, 6, 7]),
  node(2, ['claim', 'file:///app/dist/server/index.js'], [3]),
  node(3, ['raw', '/app/node_modules/knex/lib/raw.js'], [4]),
  node(4, ['toString', ''], []),
  node(6, ['(idle)', '']),
  node(7, ['onRead', 'node:internal/stream_base_commons']),
];

const locate = (url: string) =>
  url === 'file:///app/dist/server/index.js' ? 'server/store/outbox/claim.service.ts' : null;

const costs = costsOf(
  [
    {
      thread: 'main thread',
      // Each sample lasts until the next one, so the last one counts for nothing.
      profile: {
        nodes: NODES,
        samples: [2, 3, 4, 6, 7, 6],
        timeDeltas: [0, 1, 10, 100, 1000, 10000],
      },
    },
  ],
  locate,
);

it('a room of the plugin has its own time, and that of the packages that it calls', () => {
  expect(costs.get('plugin: store')).toEqual({ own: 1, whole: 111 });
});

it('a native function belongs to its caller', () => {
  expect(costs.get('npm: knex')).toEqual({ own: 110, whole: 0 });
});

it('what no room calls belongs to its own module of Node', () => {
  expect(costs.get('node: stream_base_commons')).toEqual({ own: 10000, whole: 10000 });
});

it('idle time is left out', () => {
  expect([...costs.keys()]).toEqual(['plugin: store', 'npm: knex', 'node: stream_base_commons']);
});
