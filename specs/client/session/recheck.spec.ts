import test from 'ava';
import { createGate } from '../../../client/session/gate.js';
import { recheck } from '../../../client/session/recheck.js';
import { systemTimers, type Timers } from '../../../client/session/timers.js';
import { BusError } from '../../../core/bus/failure.js';
import { silentLog } from '../../../core/log.js';
import { openLocalBus } from '../../support/local-bus.js';

/** Time flies. */
const hasty: Timers = { after: (_, task) => systemTimers.after(1, task) };

const interrupted = (): Promise<never> => Promise.reject(new BusError('disconnected', 'flush: interrupted'));

/** How often it connected anew, with a broker that answers so. */
async function reconnections(timers: Timers, flush: () => Promise<void>): Promise<number> {
  let count = 0;
  const gate = createGate(timers);
  const reconnect = async (): Promise<void> => {
    count += 1;
  };
  gate.open({ role: 'device', bus: { ...openLocalBus().bus, flush, reconnect } });
  await recheck(gate, timers, silentLog);
  return count;
}

test('recheck: given a broker that answers, then the connection stays; given one that is silent, then it is made anew', async (t) => {
  t.is(await reconnections(systemTimers, () => Promise.resolve()), 0);
  t.is(await reconnections(hasty, () => new Promise(() => undefined)), 1);
});

test('recheck: given a connection that is interrupted already, or none, then it comes back by itself', async (t) => {
  t.is(await reconnections(systemTimers, interrupted), 0);
  await t.notThrowsAsync(recheck(createGate(hasty), hasty, silentLog));
});
