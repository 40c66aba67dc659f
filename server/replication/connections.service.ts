/**
 * The connections over which other Strapis pull from this one. Strapi's own half of a pull does not hear where its
 * connection ends: it is never closed, and its run would go on for ever.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Core } from '@strapi/strapi';
import { adminRoute } from '../strapi/routes.service';

const HANDLER = 'transfer.runner-pull';
/** So long it may be quiet before the system asks whether the other machine is still there. */
const QUIET_MS = 60_000;

type Context = { req: { socket: Socket } };

/** Strapi's route for pulls; undefined if this version has none. */
export const pullRoute = (strapi: Core.Strapi) => adminRoute(strapi, HANDLER);

export const createConnections = () => {
  const current = new AsyncLocalStorage<Socket>();
  const watched = new WeakSet<Socket>();

  /** What is done for a message that came over it is known to be done for it. */
  const watch = (socket: Socket): void => {
    if (watched.has(socket)) return;
    watched.add(socket);
    const emit = socket.emit.bind(socket) as (...args: unknown[]) => boolean;
    socket.emit = (...args: unknown[]) => current.run(socket, () => emit(...args));
    socket.setKeepAlive(true, QUIET_MS);
  };

  return {
    atPull: (context: Context, next: () => Promise<unknown>): Promise<unknown> => {
      watch(context.req.socket);
      return next();
    },
    /** Acts once, when the connection that this is called for has ended. */
    whenGone: (act: () => void): void => {
      const socket = current.getStore();
      if (socket?.destroyed) act();
      else socket?.once('close', act);
    },
  };
};

export type Connections = ReturnType<typeof createConnections>;
