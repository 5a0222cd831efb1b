import test from 'ava';
import { UNKNOWN_ORIGIN } from '../../../core/origin.js';
import { createOrigins } from '../../../actors/presence/origins.js';
import { deviceIdSchema } from '../../../core/ids.js';
import { newDeviceId } from '../../support/identities.js';
import { handTimers } from '../timers.js';

const device = newDeviceId();
const connection = (id: string, clientIp: string, since: number) => ({ id, device, clientIp, since });

function scene() {
  const timers = handTimers();
  const origins = createOrigins(timers.schedule);
  return { timers, origins, find: async (): Promise<string> => origins.of(device) };
}

test('origins: given a connection, then its address is the origin of its device', async (t) => {
  const { timers, origins, find } = scene();
  origins.connected(connection('1', '192.0.2.1', 0));
  t.is(await find(), '192.0.2.1');
  t.deepEqual(timers.delays(), []);
});

test('origins: given several connections of a device, then the newest open one counts', async (t) => {
  const { origins, find } = scene();
  origins.connected(connection('2', '192.0.2.2', 20));
  origins.connected(connection('1', '192.0.2.1', 10));
  t.is(await find(), '192.0.2.2');
  origins.connected(connection('3', '192.0.2.3', 20));
  t.is(await find(), '192.0.2.3');
  origins.disconnected('3');
  origins.disconnected('2');
  t.is(await find(), '192.0.2.1');
});

test('origins: given a request that arrives before the report of its connection, then the lookup waits for the report', async (t) => {
  const { timers, origins, find } = scene();
  const both = Promise.all([find(), find()]);
  origins.connected(connection('1', '192.0.2.1', 0));
  t.deepEqual(await both, ['192.0.2.1', '192.0.2.1']);
  t.deepEqual(timers.delays(), [], 'and no longer');
});

test('origins: given no report in time, then the origin is unknown', async (t) => {
  const { timers, find } = scene();
  const asked = find();
  timers.elapse();
  t.is(await asked, UNKNOWN_ORIGIN);
});

test('origins: given a disconnected device, then its last origin counts until it reconnects', async (t) => {
  const { timers, origins, find } = scene();
  origins.connected(connection('1', '192.0.2.1', 0));
  origins.disconnected('1');
  origins.disconnected('1');
  const gone = find();
  timers.elapse();
  t.is(await gone, '192.0.2.1');
  const back = find();
  origins.connected(connection('2', '192.0.2.2', 10));
  t.is(await back, '192.0.2.2');
});

test('origins: given too many disconnected devices, then the earliest one is dropped', async (t) => {
  const { timers, origins, find } = scene();
  origins.connected(connection('first', '192.0.2.1', 0));
  origins.disconnected('first');
  const key = device.slice(0, -6);
  for (let number = 0; number < 10_000; number++) {
    // A device id is in base32, which has no digits 0 and 1.
    const digits = number.toString(6).padStart(6, '0').replaceAll('0', 'A').replaceAll('1', 'B');
    const other = deviceIdSchema.parse(`${key}${digits}`);
    origins.connected({ id: String(number), device: other, clientIp: '192.0.2.2', since: 0 });
    origins.disconnected(String(number));
  }
  const asked = find();
  timers.elapse();
  t.is(await asked, UNKNOWN_ORIGIN);
});
