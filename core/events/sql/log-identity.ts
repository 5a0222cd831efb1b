// The identity of a log: random, made when a tracker first opens the database. A copy of the database gets another one,
// because the copy and the original may record different events at the same positions.
import { randomBytes } from 'node:crypto';
import { invariant } from '../../errors.js';
import type { Clock } from '../../time/clock.js';
import type { ReadSql } from './sql.js';
import { insertIfAbsent, selectFrom } from './table.js';
import { logIdentity } from './tables.js';
import type { Writer } from './writer.js';

export interface LogIdentity {
  /** 32 hexadecimal digits. */
  readonly identity: string;
  /** When the log got its identity, milliseconds since the epoch. */
  readonly since: number;
}

const IDENTITY_BYTES = 16;
const row = logIdentity.row.omit({ id: true });

/** The statement that removes the identity from a copy. The next tracker that opens the copy makes a new one. */
export const FORGET_LOG_IDENTITY = 'DELETE FROM log_identity';

/** Returns the identity of the log, and makes it if the log has none. Rejects with `StoreUnavailableError`. */
export type ReadLogIdentity = () => Promise<LogIdentity>;

export function createLogIdentity(reads: ReadSql, writer: Writer, clock: Clock): ReadLogIdentity {
  let known: LogIdentity | null = null;

  async function read(): Promise<LogIdentity> {
    const identity = randomBytes(IDENTITY_BYTES).toString('hex');
    const made = { id: 1, identity, since: clock.now() };
    await writer.write((sql) => sql.run(...insertIfAbsent(logIdentity, made)));
    const found = await reads.first(`${selectFrom(logIdentity)} WHERE id = 1`);
    invariant(found !== undefined, 'the log has no identity');
    return row.parse(found);
  }

  return async () => {
    known ??= await read();
    return known;
  };
}
