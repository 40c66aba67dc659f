/** A network between two parties that can be made bad: slow, cut, deaf or closed. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `slow` delays every piece; `cut` resets what is open, and every new connection; `deaf` is half-open: what is sent is
 * taken and never arrives, as behind a firewall that forgot the connection.
 */
export type Weather = 'clear' | 'slow' | 'cut' | 'deaf';

export type TcpProxy = {
  readonly port: number;
  be(weather: Weather): void;
  stop(): Promise<void>;
};

type Line = { ends: [Socket, Socket]; hasLost: boolean };

const DELAY_MS = 40;

/** @param target the port on 127.0.0.1 that everything goes to. */
export const startTcpProxy = async (target: number, port = 0): Promise<TcpProxy> => {
  const lines = new Set<Line>();
  let weather: Weather = 'clear';

  const cut = (line: Line) => {
    lines.delete(line);
    for (const end of line.ends) end.resetAndDestroy();
  };

  const carry = (line: Line, [from, to]: [Socket, Socket]) => {
    let before: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    const deliver = async (chunk: Buffer, isLate: boolean) => {
      if (isLate) await sleep(DELAY_MS);
      if (!to.destroyed) to.write(chunk);
    };
    from.on('data', (chunk: Buffer) => {
      if (weather === 'deaf') {
        line.hasLost = true;
        return;
      }
      if (weather === 'clear' && waiting === 0) {
        to.write(chunk);
        return;
      }
      waiting += 1;
      const isLate = weather === 'slow';
      before = before.then(() => deliver(chunk, isLate)).finally(() => (waiting -= 1));
    });
    from.on('end', () => void before.then(() => weather !== 'deaf' && to.end()));
    from.on('error', () => cut(line));
    from.on('close', () => {
      lines.delete(line);
      if (weather !== 'deaf') void before.then(() => to.destroy());
    });
  };

  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (weather === 'cut') return void client.resetAndDestroy();
    const upstream = connect(target, '127.0.0.1');
    const line: Line = { ends: [client, upstream], hasLost: false };
    lines.add(line);
    for (const end of line.ends) end.setNoDelay(true);
    carry(line, [client, upstream]);
    carry(line, [upstream, client]);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    be: (next) => {
      weather = next;
      // A line that lost a piece is of no use to either side: whoever still waits learns it now.
      for (const line of [...lines]) if (next === 'cut' || line.hasLost) cut(line);
    },
    stop: async () => {
      for (const line of [...lines]) cut(line);
      server.close();
      await once(server, 'close');
    },
  };
};
