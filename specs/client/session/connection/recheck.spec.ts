import test from 'ava';
import { createConnectionGate } from '../../../../client/session/connection/gate.js';
import { recheck } from '../../../../client/session/connection/recheck.js';
import { keepAliveSchedule, systemSchedule, type Schedule } from '../../../../core/time/clock.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import { silentLog } from '../../../../core/log.js';
import { openLocalBus } from '../../../support/bus/local-bus.js';
import { createWorld, enrolledSince, SECOND } from '../world.js';

/** A schedule on which every timer fires after a millisecond. It keeps the process alive, as the socket of a broker does. */
const hasty: Schedule = (_, run) => keepAliveSchedule(1, run);

const interrupted = (): Promise<never> => Promise.reject(new BusError('disconnected', 'flush: interrupted'));

/** The number of reconnections that `recheck` causes on a connection with the given `flush`. */
async function reconnections(schedule: Schedule, flush: () => Promise<void>): Promise<number> {
  let count = 0;
  const gate = createConnectionGate(schedule);
  const reconnect = async (): Promise<void> => {
    count += 1;
  };
  gate.open({ role: 'device', bus: { ...openLocalBus().bus, flush, reconnect } });
  await recheck(gate, schedule, silentLog);
  return count;
}

test('recheck: an answering broker keeps the connection; a silent broker causes a reconnection', async (t) => {
  t.is(await reconnections(systemSchedule, () => Promise.resolve()), 0);
  t.is(await reconnections(hasty, () => new Promise(() => undefined)), 1);
});

test('recheck: given an interrupted connection or none, then it causes no reconnection of its own', async (t) => {
  t.is(await reconnections(systemSchedule, interrupted), 0);
  await t.notThrowsAsync(recheck(createConnectionGate(hasty), hasty, silentLog));
});

test('recheck: given an online session with a silent connection, then the event `renewed` reports that pushes may be lost', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(SECOND);
  let renewed = 0;
  world.session.events.on('renewed', () => {
    renewed += 1;
  });
  world.session.recheck();
  await world.time.pass(2 * SECOND);
  t.is(renewed, 0, 'the broker had answered');
  world.broker.pong = () => new Promise(() => undefined);
  world.session.recheck();
  await world.time.pass(2 * SECOND);
  t.is(renewed, 1);
  t.deepEqual(world.states, ['connecting', 'online'], 'nobody was away');
});
