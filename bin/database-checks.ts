// The doctor's checks of the tracker's database. Each check changes nothing and returns one finding.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { unreadableRemedy } from '../core/events/unhandled.js';
import { codeOf } from '../core/events/sql/sqlite.js';
import { AS_ITS_USER, type Finding, isThere, isWritable } from './checks.js';

const LOCK_PATIENCE_MS = 2_000;
/** A checkpoint of the write-ahead log starts at 16 MiB. A write-ahead log of this size means that no checkpoint could finish. */
const LARGE_LOG_BYTES = 32 * 1024 * 1024;
const NAMED_STREAMS = 3;

/** Whether the database is intact, writable and not locked, or does not exist yet. */
export async function checkDatabase(home: string): Promise<Finding> {
  const subject = 'database';
  const file = join(home, 'tracker.db');
  if (!(await isThere(file))) return { subject, verdict: 'good', says: `will be created in ${home}` };
  if (!(await isWritable(file))) {
    return { subject, verdict: 'bad', says: `this user may not write to ${file}`, remedy: AS_ITS_USER };
  }
  const remedy = 'Restore the database from a backup, and keep the damaged file for examination.';
  try {
    const database = new Database(file, { readonly: true });
    const rows: unknown = database.prepare('PRAGMA quick_check').all();
    database.close();
    if (!JSON.stringify(rows).includes('"ok"')) {
      return { subject, verdict: 'bad', says: `${file} is damaged`, remedy };
    }
    if (isLocked(file)) return locked(file);
    return (await largeLog(file)) ?? { subject, verdict: 'good', says: `${file} is intact` };
  } catch (error) {
    if (isBusy(error)) return locked(file);
    return { subject, verdict: 'bad', says: `${file} cannot be read: ${messageOf(error)}`, remedy };
  }
}

const stoppedRow = z.object({ stream: z.string(), position: z.number(), reason: z.string() });

/** Whether a reactor of the tracker has stopped at an event of an account or a room. Null if no database can be read. */
export async function checkStreams(home: string): Promise<Finding | null> {
  const subject = 'streams';
  const file = join(home, 'tracker.db');
  if (!(await isThere(file))) return null;
  try {
    const database = new Database(file, { readonly: true });
    const select = 'SELECT DISTINCT stream, position, reason FROM stopped_streams ORDER BY position';
    const rows = database.prepare(select).all();
    const passedOver = quarantinedIn(database);
    database.close();
    const stopped = z.array(stoppedRow).parse(rows);
    const streams = new Set(stopped.map(({ stream }) => stream));
    if (streams.size === 0 && passedOver.length > 0) {
      const says = `every account and room is served; quarantined events: ${passedOver.slice(0, NAMED_STREAMS).join(', ')}`;
      const more = passedOver.length - NAMED_STREAMS;
      return { subject, verdict: 'note', says: more > 0 ? `${says} and ${more} more` : says };
    }
    if (streams.size === 0) return { subject, verdict: 'good', says: 'every account and room is served' };
    const named = stopped
      .slice(0, NAMED_STREAMS)
      .map(({ stream, position, reason }) => `${stream} at position ${position} (${reason})`);
    return {
      subject,
      verdict: 'bad',
      says: `${streams.size} stopped: ${named.join(', ')}`,
      remedy: unreadableRemedy(stopped[0]?.position ?? 0),
    };
  } catch {
    // The database of an older tracker does not have the table. A database that cannot be read is reported by `checkDatabase`.
    return null;
  }
}

const quarantinedRow = z.object({ position: z.number(), stream: z.string() });

/** The quarantined events. The database of an older tracker does not have the table. */
function quarantinedIn(database: Database.Database): readonly string[] {
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'quarantined_events'").get();
  if (isThere === undefined) return [];
  const select =
    'SELECT position, stream FROM quarantined_events WHERE is_quarantined = TRUE ORDER BY position';
  const rows = z.array(quarantinedRow).parse(database.prepare(select).all());
  return rows.map(({ position, stream }) => `position ${position} in ${stream}`);
}

function locked(file: string): Finding {
  return {
    subject: 'database',
    verdict: 'bad',
    says: `${file} is locked by another program`,
    remedy: `End the program that holds it, such as a database browser or a backup tool: \`fuser -v ${file}\` names it. The tracker then continues by itself.`,
  };
}

/** Whether another program keeps the lock for writing. The tracker itself holds the lock only for moments. */
function isLocked(file: string): boolean {
  const database = new Database(file, { timeout: LOCK_PATIENCE_MS });
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('ROLLBACK');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

async function largeLog(file: string): Promise<Finding | null> {
  const log = `${file}-wal`;
  if (!(await isThere(log))) return null;
  const { size } = await stat(log);
  if (size < LARGE_LOG_BYTES) return null;
  return {
    subject: 'database',
    verdict: 'note',
    says: `${file} is intact, but its write-ahead log has ${Math.round(size / 1024 / 1024)} MiB`,
    remedy: `End the program that keeps the database open for reading: \`fuser -v ${file}\` names it. The log then shrinks within a minute.`,
  };
}

const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');
