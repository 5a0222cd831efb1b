import test from 'ava';
import { createConnectionGate } from '../../../../client/session/connection/gate.js';
import { recheck } from '../../../../client/session/connection/recheck.js';
import { systemSchedule, type Schedule } from '../../../../core/time/clock.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import { silentLog } from '../../../../core/log.js';
import { openLocalBus } from '../../../support/local-bus.js';
import { createWorld, enrolledSince, SECOND } from '../world.js';

/** Every timer runs after a millisecond. */
const hasty: Schedule = (_, run) => systemSchedule(1, run);

const interrupted = (): Promise<never> => Promise.reject(new BusError('disconnected', 'flush: interrupted'));

/** How often it connected anew, with a broker that answers so. */
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

test('recheck: given a broker that answers, then the connection stays; given one that is silent, then it is made anew', async (t) => {
  t.is(await reconnections(systemSchedule, () => Promise.resolve()), 0);
  t.is(await reconnections(hasty, () => new Promise(() => undefined)), 1);
});

test('recheck: given a connection that is interrupted already, or none, then it comes back by itself', async (t) => {
  t.is(await reconnections(systemSchedule, interrupted), 0);
  await t.notThrowsAsync(recheck(createConnectionGate(hasty), hasty, silentLog));
});

test('recheck: given a session online over a connection that is silent, then it is told that what was pushed may be missed', async (t) => {
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
