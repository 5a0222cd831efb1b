// A process that acts as a second writer: it registers accounts in a file and prints their number until it is killed.
import { createTrackerHost } from '../../actors/host.js';
import { trackerProjections } from '../../actors/projections/derived.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { systemClock } from '../../core/time/clock.js';
import { openDatabase } from '../../core/events/sql/database.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { createWriter } from '../../core/events/sql/writer.js';
import { commandIdSchema, systemIds } from '../../core/ids.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { signHead } from '../core/events/samples.js';
import { newAccountId, newDeviceId } from '../support/identities.js';

const [file = ''] = process.argv.slice(2);
const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
const writer = createWriter({ connection: database.writeConnection, signHead });
const store = createSqlStore({
  reads: database.reads,
  writer,
  clock: systemClock,
  newSalt: () => systemIds.next(),
  projections: trackerProjections,
});
const host = createTrackerHost({ store, clock: systemClock });
for (let count = 1; ; count += 1) {
  const caller = { account: newAccountId(), device: newDeviceId() };
  const commandId = commandIdSchema.parse(systemIds.next());
  await host.send({
    kind: 'account',
    id: caller.account,
    command: {
      type: 'RegisterAccount',
      ...caller,
      personal: { username: `writer-${count}`, deviceName: 'desk' },
    },
    metadata: { ...caller, commandId, correlationId: commandId, causationId: null, traceparent: null },
  });
  process.stdout.write(`${count}\n`);
}
