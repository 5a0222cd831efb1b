import { once } from 'node:events';
import { readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { openMonitor } from '../../../actors/metrics/monitor.js';
import { OperatorError } from '../../../core/errors.js';
import { silentLog } from '../../../core/log.js';
import { testNats } from '../../support/bus/broker.js';
import { temporaryFolder } from '../../support/folder.js';
import { until } from '../../support/until.js';
import { enter, guestOf, openTracker } from '../deployment.js';

const metrics = { host: '127.0.0.1', port: 0 };
const readinessSchema = z.object({ ready: z.boolean(), checks: z.record(z.string(), z.string()) });

async function readiness(url: string | null) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...readinessSchema.parse(await response.json()) };
}

async function figures(url: string | null): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  return response.text();
}

test('monitor: a running tracker is alive and ready, and counts its requests', async (t) => {
  const tracker = await openTracker(t, { metrics });
  const { metricsUrl: url } = tracker;
  const ann = await enter(t, tracker, 'Ann');
  await ann.command('chatroom', { operation: 'CREATE', name: 'lobby' });
  await ann.command('chatroom', { operation: 'CREATE', name: 'lobby' });
  await ann.command('people', { operation: 'sideways' });
  await ann.send('chatroom', Buffer.from('no JSON'));
  const guest = await guestOf(t, tracker);
  await guest.authenticate('login', 'Ann', 'a-wrong-password');
  t.is((await fetch(`${url}/healthz`)).status, 200);
  t.deepEqual(await readiness(url), {
    status: 200,
    ready: true,
    checks: { database: 'ok', broker: 'ok', reactors: 'ok', streams: 'ok', quarantine: 'ok' },
  });
  const text = await until(async () => {
    const now = await figures(url);
    return /reactor_lag_events\{reactor="notices"\} 0\n/.test(now) && now;
  }, 'the notices are out');
  t.regex(text, /^partyline_log_position [1-9]/m);
  for (const line of [
    'partyline_requests_total{title="Registration",operation="",phrase="REGISTRATION_SUCCESSFUL"} 1',
    'partyline_requests_total{title="Login",operation="",phrase="LOGIN_FAILED"} 1',
    'partyline_requests_total{title="ChatRoom",operation="CREATE",phrase="CREATION_S"} 1',
    'partyline_requests_total{title="ChatRoom",operation="CREATE",phrase="CREATION_FAILURE"} 1',
    'partyline_requests_total{title="People",operation="unknown",phrase="INVALID_COMMAND"} 1',
    'partyline_requests_total{title="unknown",operation="",phrase="INVALID_COMMAND"} 1',
    'partyline_request_duration_seconds_count{title="ChatRoom",operation="CREATE"} 2',
    'partyline_commands_in_hand 0',
    'partyline_mailbox_depth_max 0',
    'partyline_passwords_in_hand 0',
    'partyline_accounts_online 1',
    'partyline_devices_online 1',
  ]) {
    t.true(text.includes(`${line}\n`), line);
  }
  const page = await readFile(new URL('../../../../docs/how-to/run-a-tracker.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| (`partyline_.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  const shown = [...text.matchAll(/^# TYPE (partyline_\w+)/gm)].map(([, name = '']) => name);
  t.deepEqual(documented.toSorted(), shown.toSorted(), 'docs/how-to/run-a-tracker.md names each figure');
});

test('monitor: given a broker that has stopped, then the tracker is alive but not ready, and the reason is shown', async (t) => {
  const found = await testNats();
  const binary = join(await temporaryFolder(t), 'nats-server');
  await symlink(found.binary, binary);
  const tracker = await openTracker(t, { metrics, nats: { ...found, binary } });
  await rm(binary);
  process.kill(tracker.broker.pid, 'SIGKILL');
  const unready = await until(async () => {
    const now = await readiness(tracker.metricsUrl);
    return now.status === 503 && now;
  }, 'it is not ready');
  t.like(unready.checks, { database: 'ok', broker: 'the broker is not connected', reactors: 'ok' });
  t.is((await fetch(`${tracker.metricsUrl}/healthz`)).status, 200);
  await symlink(found.binary, binary);
  await until(async () => (await readiness(tracker.metricsUrl)).ready, 'it is ready again by itself');
});

test('monitor: before and after its checks count, it is not ready', async (t) => {
  const monitor = await openMonitor(metrics, silentLog);
  t.teardown(() => monitor.close());
  t.like(await readiness(monitor.url), { status: 503, checks: { tracker: 'it is starting or stopping' } });
  const noLonger = monitor.readyWhen({ disk: async () => null });
  t.like(await readiness(monitor.url), { status: 200, checks: { disk: 'ok' } });
  noLonger();
  t.is((await readiness(monitor.url)).status, 503);
});

test('monitor: other paths and other methods are refused', async (t) => {
  const monitor = await openMonitor(metrics, silentLog);
  t.teardown(() => monitor.close());
  t.is((await fetch(`${monitor.url}/`)).status, 404);
  t.is((await fetch(`${monitor.url}/metrics`, { method: 'POST', body: 'x' })).status, 405);
  t.is((await fetch(`${monitor.url}/readyz?verbose`)).status, 503);
});

test('monitor: a check that fails makes only its own request fail', async (t) => {
  const monitor = await openMonitor(metrics, silentLog);
  t.teardown(() => monitor.close());
  monitor.readyWhen({ broken: () => Promise.reject(new Error('a defect')) });
  t.is((await fetch(`${monitor.url}/readyz`)).status, 500);
  t.is((await fetch(`${monitor.url}/healthz`)).status, 200);
});

test('monitor: given a port that is taken, then the error has a remedy, and the home is free', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  t.teardown(() => blocker.close());
  const address = blocker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const home = await temporaryFolder(t);
  const error = await t.throwsAsync(openTracker(t, { home, metrics: { host: '127.0.0.1', port } }), {
    instanceOf: OperatorError,
    message: new RegExp(`port ${port} on 127.0.0.1: another program uses it`),
  });
  t.regex(error?.remedy ?? '', /--metrics-port/);
  await t.notThrowsAsync(openTracker(t, { home }));
});
