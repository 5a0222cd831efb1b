// A tracker that kills itself at a chosen point, in its own process: `node mortal-tracker.js <home> <broker's URL>`. A
// point is the start or the end of a call to any of its ports, between a request's arrival and its reply. Nothing
// outside the process changes between two points, so the points cover every `await` in the code behind the ports.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { trackerTables } from '../../../actors/projections/tables.js';
import { startService } from '../../../actors/service.js';
import type { Bus, BusMessage } from '../../../core/bus/bus.js';
import { connectBus } from '../../../core/bus/connection/connection.js';
import {
  type Credentials,
  doorCredentials,
  systemCredentials,
  trackerCredentials,
} from '../../../core/bus/credentials/credentials.js';
import { eventsCredentials } from '../../../core/bus/integration/credentials.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { ALL_AUTH, ALL_COMMANDS } from '../../../core/bus/subjects.js';
import { systemClock } from '../../../core/time/clock.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { generous } from '../../actors/limits.js';

const [home = '', servers = ''] = process.argv.slice(2);

/** The reply subject of the request in progress. */
let inHand: string | undefined;
/** The point of the next request at which to die. 0 means never. */
let fatal = 0;
let count = 0;

function point(name: string): void {
  if (inHand === undefined) return;
  count += 1;
  if (count !== fatal) return;
  writeSync(process.stdout.fd, `${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** The first 50 characters of the SQL statement in the arguments of a port call. */
const statementOf = ([first]: readonly unknown[]): readonly string[] =>
  typeof first === 'string' ? [first.replace(/\s+/g, ' ').slice(0, 50)] : [];

/** Wraps a port so that its method calls are points. */
function watched<Port extends object>(port: Port, name: string): Port {
  return new Proxy(port, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        const call = [`${name}.${String(property)}`, ...statementOf(given)].join(' ');
        point(`${call} is asked`);
        const result: unknown = Reflect.apply(value, target, given);
        if (!(result instanceof Promise)) {
          point(`${call} is done`);
          return result;
        }
        return result.finally(() => point(`${call} has answered`));
      };
    },
  });
}

const arriving =
  (handler: (message: BusMessage) => void | Promise<void>) =>
  (message: BusMessage): void | Promise<void> => {
    inHand = message.reply;
    count = 0;
    point('the request arrives');
    return handler(message);
  };

/** Wraps the bus: a request begins when it arrives and ends when its reply is handed over. */
function watchedBus(bus: Bus): Bus {
  return new Proxy(bus, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property === 'subscribe') {
        const subscribe: Bus['subscribe'] = (subject, handler, options) =>
          target.subscribe(
            subject,
            subject === ALL_AUTH || subject === ALL_COMMANDS ? arriving(handler) : handler,
            options,
          );
        return subscribe;
      }
      if (property === 'publish') {
        const publish: Bus['publish'] = (subject, data, headers) => {
          point(`${subject === inHand ? 'the reply' : 'a notice'} is to be published`);
          target.publish(subject, data, headers);
          point(`${subject === inHand ? 'the reply' : 'a notice'} is published`);
          if (subject !== inHand) return;
          inHand = undefined;
          fatal = 0;
        };
        return publish;
      }
      return value.bind(target);
    },
  });
}

const keyring = await openKeyring(home);
const connect = (name: string, credentials: Credentials): Promise<Bus> =>
  connectBus({ servers, credentials, inboxPrefix: `_INBOX_${name}`, name, log: silentLog });
const file = join(home, 'tracker.db');
const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
const bus = await connect('tracker', trackerCredentials(keyring, Date.now()));
const door = await connect('door', doorCredentials(keyring, Date.now()));
const system = await connect('system', systemCredentials(keyring, Date.now()));
await startService({
  adminAbsenceMs: null,
  database: {
    ...database,
    reads: watched(database.reads, 'reads'),
    writeConnection: watched(database.writeConnection, 'writes'),
  },
  bus: watchedBus(bus),
  writeAheadLog: { bytes: async () => 0 },
  eventBus: await connect('events', eventsCredentials(keyring, Date.now())),
  guestBus: watchedBus(door),
  system: watched(system, 'system'),
  keepAccount: async () => point('the account is to be kept'),
  keyring,
  passwords: { cost: 10, maxQueue: 8 },
  admission: generous,
  clock: systemClock,
  ids: systemIds,
  log: silentLog,
});

process.on('message', (message) => {
  fatal = z.int().parse(message);
  process.send?.('armed');
});
process.on('disconnect', () => process.exit(0));
process.send?.('serving');
