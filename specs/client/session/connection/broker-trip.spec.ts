import test from 'ava';
import type { Bus } from '../../../../core/bus/bus.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import { brokerTrip } from '../../../../client/session/connection/broker-trip.js';
import type { Passage } from '../../../../client/session/connection/gate.js';

const passage = (flush: () => Promise<void>): Passage => {
  const bus: Pick<Bus, 'flush'> = { flush };
  return { role: 'device', bus: bus as Bus };
};

test('broker trip: it is the time until the broker has answered, and none without a connection', async (t) => {
  let now = 1_000;
  const clock = { now: () => now };
  const answering = passage(async () => {
    now += 12;
  });
  t.is(await brokerTrip({ passage: answering }, clock), 12);
  t.is(await brokerTrip({ passage: null }, clock), null);
  const breaking = passage(() => Promise.reject(new BusError('disconnected', 'it broke')));
  t.is(await brokerTrip({ passage: breaking }, clock), null);
  const defect = passage(() => Promise.reject(new Error('a defect')));
  await t.throwsAsync(brokerTrip({ passage: defect }, clock), { message: 'a defect' });
});
