import test from 'ava';
import type { Bus } from '../../../../core/bus/bus.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import { brokerTrip } from '../../../../client/session/connection/broker-trip.js';
import type { Route } from '../../../../client/session/connection/gate.js';

const route = (flush: () => Promise<void>): Route => {
  const bus: Pick<Bus, 'flush'> = { flush };
  return { role: 'device', bus: bus as Bus };
};

test('broker trip: it is the time until the broker answers; null without a connection', async (t) => {
  let now = 1_000;
  const clock = { now: () => now };
  const answering = route(async () => {
    now += 12;
  });
  t.is(await brokerTrip({ route: answering }, clock), 12);
  t.is(await brokerTrip({ route: null }, clock), null);
  const breaking = route(() => Promise.reject(new BusError('disconnected', 'it broke')));
  t.is(await brokerTrip({ route: breaking }, clock), null);
  const defect = route(() => Promise.reject(new Error('a defect')));
  await t.throwsAsync(brokerTrip({ route: defect }, clock), { message: 'a defect' });
});
