/** The scripted receiver itself, because other tests depend on it. */
import { type Receiver, startReceiver } from '../../support/receiver';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const post = (path: string, body = 'x') =>
  fetch(receiver.url(path), { method: 'POST', body, redirect: 'manual' });

it('answers 200 without a script, and keeps what came', async () => {
  expect((await post('/a?b=1', 'hello')).status).toBe(200);
  expect(receiver.requests).toMatchObject([
    { method: 'POST', path: '/a', query: { b: '1' }, body: 'hello', at: expect.any(Number) },
  ]);
});

it('follows a script step by step, and repeats the last one', async () => {
  receiver
    .on('/a')
    .answer(500, { status: 429, headers: { 'retry-after': '7' }, body: 'slow' }, 204);
  const first = await post('/a');
  const second = await post('/a');
  expect([first.status, second.status, second.headers.get('retry-after')]).toEqual([500, 429, '7']);
  expect(await second.text()).toBe('slow');
  expect([(await post('/a')).status, (await post('/a')).status]).toEqual([204, 204]);
  expect((await post('/b')).status).toBe(200);
});

it('answers what a function makes of the request', async () => {
  receiver.on('/a').answer(({ body }) => ({ status: 200, body: body.toUpperCase() }));
  expect(await (await post('/a', 'abc')).text()).toBe('ABC');
});

it('redirects, delays, and resets', async () => {
  receiver
    .on('/a')
    .answer({ redirect: 'http://elsewhere.example/' }, { delayMs: 50, status: 202 }, 'reset');
  expect((await post('/a')).headers.get('location')).toBe('http://elsewhere.example/');
  expect((await post('/a')).status).toBe(202);
  await expect(post('/a')).rejects.toThrow();
});

it('pours out 50 MB', async () => {
  receiver.on('/a').answer('huge');
  expect((await (await post('/a')).arrayBuffer()).byteLength).toBe(50 * 1024 * 1024);
});

it('waits for a count, on a path, or for a fitting request', async () => {
  const two = receiver.waitFor(2, { path: '/a' });
  const fitting = receiver.waitFor(({ body }) => body === 'me');
  await post('/a', '1');
  await post('/b', 'me');
  await post('/a', '2');
  expect((await two).map(({ body }) => body)).toEqual(['1', '2']);
  expect((await fitting).map(({ path }) => path)).toEqual(['/b']);
});

it('lists the requests so far when it waits in vain', async () => {
  await post('/b');
  await expect(receiver.waitFor(2, { path: '/a', timeoutMs: 20 })).rejects.toThrow(
    'Waited 20 ms for 2 requests to /a. Requests so far: POST /b.',
  );
});

it('forgets', async () => {
  receiver.on('/a').answer(500);
  await post('/a');
  receiver.clear();
  expect(receiver.requests).toEqual([]);
  expect((await post('/a')).status).toBe(200);
});

it('stops although a call hangs', async () => {
  const other = await startReceiver();
  other.on('/').answer('hang');
  const call = fetch(other.url(), { method: 'POST', body: 'x' }).then(
    () => 'answered',
    () => 'failed',
  );
  await other.waitFor(1);
  await other.stop();
  expect(await call).toBe('failed');
});
