import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTraffic, type Traffic } from '../../../server/strapi/traffic.service';

let server: http.Server;
let traffic: Traffic;
let answer: () => void;
let arrived: Promise<void>;

/** Holds each request until `answer`. */
beforeEach(async () => {
  let arrive = () => {};
  arrived = new Promise((resolve) => (arrive = resolve));
  server = http.createServer((_request, response) => {
    answer = () => response.end();
    arrive();
  });
  traffic = createTraffic(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const send = () => {
  const request = http.get({ port: (server.address() as AddressInfo).port, agent: false });
  request.on('response', (response) => response.resume()).on('error', () => undefined);
  return request;
};

/** Whether it is quiet within one turn of the event loop. */
const isQuietNow = () =>
  Promise.race([
    traffic.quiet().then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);

it('is quiet without requests', async () => {
  expect(await isQuietNow()).toBe(true);
});

it('is quiet again when the request under way is answered', async () => {
  send();
  await arrived;
  expect(await isQuietNow()).toBe(false);
  const quiet = traffic.quiet();
  answer();
  await quiet;
});

it('is quiet again when the client gives up', async () => {
  const request = send();
  await arrived;
  const quiet = traffic.quiet();
  request.destroy();
  await quiet;
});

it('does not wait for a request that takes long', async () => {
  send();
  await arrived;
  await traffic.quiet();
  await sleep(30);
  expect(await isQuietNow()).toBe(true);
});
