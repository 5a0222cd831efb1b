// A process that appends until it is killed and prints each acknowledgement.
import { writeSync } from 'node:fs';
import { systemClock } from '../../../core/time/clock.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { append, countedSalts, event, receipt, signHead } from './samples.js';

const [file = ''] = process.argv.slice(2);
const { reads, writeConnection } = await openDatabase({ file, migrations: trackerMigrations, tables: [] });
const writer = createWriter({ connection: writeConnection, signHead });
const parts = { reads, writer, clock: systemClock, newSalt: countedSalts(), projections: [] };
const store = createSqlStore(parts);

async function appendForEver(stream: string): Promise<void> {
  for (let version = 0; ; version += 2) {
    const events = [event('One'), event('Two', { personal: { stream } })];
    const receipts = [receipt(`${stream}-${version}`)];
    const appended = await store.append(append(stream, version, { events, receipts }));
    if (appended.kind !== 'appended') throw new Error(appended.kind);
    writeSync(1, `${stream}-${version}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, n) => appendForEver(`s${n}`)));
