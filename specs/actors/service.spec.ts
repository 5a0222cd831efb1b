import { join } from 'node:path';
import test from 'ava';
import { trackerTables } from '../../actors/projections/tables.js';
import { startService } from '../../actors/service.js';
import type { Bus } from '../../core/bus/bus.js';
import { BusError } from '../../core/bus/connection/failure.js';
import { systemClock } from '../../core/time/clock.js';
import { openDatabase } from '../../core/events/sql/database.js';
import { systemIds } from '../../core/ids.js';
import { silentLog } from '../../core/log.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { testBroker } from '../support/bus/broker.js';
import { temporaryFolder } from '../support/folder.js';
import { generous } from './limits.js';

/** Wraps the bus and keeps the set of its current subscriptions. */
function observed(bus: Bus): { readonly bus: Bus; readonly subscribed: Set<string> } {
  const subscribed = new Set<string>();
  const subscribe: Bus['subscribe'] = (subject, ...rest) => {
    const subscription = bus.subscribe(subject, ...rest);
    subscribed.add(subject);
    return {
      drain: async () => {
        subscribed.delete(subject);
        await subscription.drain();
      },
      unsubscribe: () => {
        subscribed.delete(subject);
        subscription.unsubscribe();
      },
    };
  };
  const watching: ProxyHandler<Bus> = {
    get(target, property) {
      if (property === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  };
  return { bus: new Proxy(bus, watching), subscribed };
}

const keepAccount = async (): Promise<void> => {};

async function scene(t: Parameters<typeof testBroker>[0]) {
  const { tracker, door, events, system, keyring } = await testBroker(t);
  const eventBus = await events();
  const file = join(await temporaryFolder(t), 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  t.teardown(() => database.close());
  const passwords = { cost: 10, maxQueue: 8 };
  const common = {
    database,
    writeAheadLog: { bytes: async () => 0 },
    keepAccount,
    keyring,
    passwords,
    admission: generous,
    adminAbsenceMs: null,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
  };
  const [devices, guests, watch] = [
    observed(await tracker()),
    observed(await door()),
    observed(await system()),
  ];
  const subscribed = (): readonly string[] => [devices, guests, watch].flatMap((one) => [...one.subscribed]);
  const buses = { bus: devices.bus, eventBus, guestBus: guests.bus, system: watch.bus };
  return { common: { ...common, ...buses }, subscribed };
}

test('service: given a running service, when it is stopped, then it has no subscriptions', async (t) => {
  const { common, subscribed } = await scene(t);
  const service = await startService(common);
  t.is(subscribed().length, 6);
  await service.stop();
  t.deepEqual(subscribed(), []);
});

test('service: given a broker that disconnects during the start, then the start rejects, and no subscriptions remain', async (t) => {
  const { common, subscribed } = await scene(t);
  const gone = new BusError('disconnected', 'there is no connection');
  const bus = new Proxy(common.bus, {
    get: (target, property) =>
      property === 'flush' ? () => Promise.reject(gone) : Reflect.get(target, property, target),
  });
  await t.throwsAsync(startService({ ...common, bus }), { is: gone });
  t.deepEqual(subscribed(), []);
});
