/** A TCP proxy that simulates network failures: slow, cut, or silently lost data. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `slow` delays all data; `cut` resets every open and new connection; `blackhole` accepts data that never arrives, as a
 * firewall does that forgot the connection.
 */
export type NetworkState = 'normal' | 'slow' | 'cut' | 'blackhole';

export type TcpProxy = {
  readonly port: number;
  set(weather: NetworkState): void;
  stop(): Promise<void>;
};

type Line = { ends: [Socket, Socket]; hasLost: boolean };

const DELAY_MS = 40;

/** @param target the port on 127.0.0.1 to forward to. */
export const startTcpProxy = async (target: number, port = 0): Promise<TcpProxy> => {
  const lines = new Set<Line>();
  let state: NetworkState = 'normal';

  const cut = (line: Line) => {
    lines.delete(line);
    for (const end of line.ends) end.resetAndDestroy();
  };

  const forward = (line: Line, [from, to]: [Socket, Socket]) => {
    let before: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    const deliver = async (chunk: Buffer, isLate: boolean) => {
      if (isLate) await sleep(DELAY_MS);
      if (!to.destroyed) to.write(chunk);
    };
    from.on('data', (chunk: Buffer) => {
      if (state === 'blackhole') {
        line.hasLost = true;
        return;
      }
      if (state === 'normal' && waiting === 0) {
        to.write(chunk);
        return;
      }
      waiting += 1;
      const isLate = state === 'slow';
      before = before.then(() => deliver(chunk, isLate)).finally(() => (waiting -= 1));
    });
    from.on('end', () => void before.then(() => state !== 'blackhole' && to.end()));
    from.on('error', () => cut(line));
    from.on('close', () => {
      lines.delete(line);
      if (state !== 'blackhole') void before.then(() => to.destroy());
    });
  };

  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (state === 'cut') return void client.resetAndDestroy();
    const upstream = connect(target, '127.0.0.1');
    const line: Line = { ends: [client, upstream], hasLost: false };
    lines.add(line);
    for (const end of line.ends) end.setNoDelay(true);
    forward(line, [client, upstream]);
    forward(line, [upstream, client]);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      state = next;
      // A connection that lost data is useless to both sides, so it is reset now.
      for (const line of [...lines]) if (next === 'cut' || line.hasLost) cut(line);
    },
    stop: async () => {
      for (const line of [...lines]) cut(line);
      server.close();
      await once(server, 'close');
    },
  };
};
