// The watch over the write-ahead log of an SQLite database. A reader that stays open keeps SQLite from reusing the log, so the
// log grows. When the reader is gone, the watch shrinks the log. It does not write to the database.
import { stat } from 'node:fs/promises';
import Libsql from 'libsql';
import { messageOf } from './errors.js';
import { isFileError } from './files.js';
import type { Log } from './log.js';
import type { Schedule } from './time/clock.js';
import { every } from './time/wait.js';

export interface WriteAheadLogOptions {
  /** The path of a database in WAL mode. */
  readonly file: string;
  readonly log: Log;
  readonly schedule: Schedule;
  /** A log of this size or larger is shrunk. Ordinary checkpoints reuse a log of up to 16 MiB. */
  readonly largeBytes?: number;
}

export interface WriteAheadLog {
  /** The size of the log; 0 if its file does not exist. */
  bytes(): Promise<number>;
  /** Shrinks a large log if no reader keeps it. Called every 20 s; a failure is logged. */
  review(): Promise<void>;
  /** Empties the log if no reader keeps it, and ends the watch. */
  close(): Promise<void>;
}

const REVIEW_MS = 20_000;
const LARGE_BYTES = 24 * 1024 * 1024;
// A checkpoint blocks the event loop while it waits for a reader.
const LOCK_WAIT_MS = 25;

/** Reviews the log now and every 20 s until it is closed. */
export function watchWriteAheadLog(options: WriteAheadLogOptions): WriteAheadLog {
  const { file, log, schedule, largeBytes = LARGE_BYTES } = options;
  let isKept = false;
  let latest: Promise<void> = Promise.resolve();

  async function bytes(): Promise<number> {
    try {
      return (await stat(`${file}-wal`)).size;
    } catch (error) {
      if (isFileError(error, 'ENOENT')) return 0;
      throw error;
    }
  }

  // Opens a separate connection, because the writing connection may have a transaction open.
  function truncate(): void {
    const connection = new Libsql(file);
    try {
      connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
      connection.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      connection.close();
    }
  }

  async function look(): Promise<void> {
    try {
      const before = await bytes();
      if (before >= largeBytes) truncate();
      const now = before >= largeBytes ? await bytes() : before;
      const wasKept = isKept;
      isKept = now >= largeBytes;
      if (isKept && !wasKept) {
        log.warn(
          { file, bytes: now },
          'the write-ahead log grows, because another program keeps the database open for reading',
        );
      }
      if (!isKept && wasKept) log.info({ file, bytes: now }, 'the write-ahead log is small again');
    } catch (error) {
      log.warn({ err: error, file }, `the write-ahead log could not be shrunk: ${messageOf(error)}`);
    }
  }

  function review(): Promise<void> {
    latest = latest.then(look);
    return latest;
  }

  void review();
  const stop = every(schedule, REVIEW_MS, () => void review());
  return {
    bytes,
    review,
    async close() {
      stop();
      await latest;
      try {
        if ((await bytes()) > 0) truncate();
      } catch (error) {
        log.warn({ err: error, file }, `the write-ahead log could not be emptied: ${messageOf(error)}`);
      }
    },
  };
}
