// A reader of a database file that changes nothing in its folder: no file is created, changed or deleted, and no writer has to
// wait for a lock of the reader. Other processes may write to the database at the same time.
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { OperatorError } from '../../errors.js';
import { isFileError } from '../../files.js';
import type { ReadConnection } from './sql.js';
import { prepareReader, sqliteReads } from './sqlite.js';

/** A way to read a database file without changing anything. */
export interface UntouchedFile {
  /** The SQLite URI to attach. */
  readonly address: string;
  /**
   * Whether everything read through the address since it was made is consistent. False if no process had the database open and
   * another process then began to write to it: read again through a new address.
   */
  readonly isCurrent: () => boolean;
}

/**
 * Returns how to read the database `file`. While a process has the database open, its write-ahead log and the log's index exist:
 * SQLite reads through both, and maps the index read-only. While no process has it open, both files are missing, and SQLite would
 * create them. To prevent this, SQLite reads the database as immutable, and `isCurrent` detects a later change. Throws an
 * `OperatorError` if a process was killed while it was writing: the write-ahead log has no index, or a rollback journal remains.
 */
export function untouched(file: string): UntouchedFile {
  const base = `${pathToFileURL(file).href}?mode=ro`;
  if (sizeOf(`${file}-wal`) !== null && sizeOf(`${file}-shm`) !== null) {
    return { address: `${base}&readonly_shm=1`, isCurrent: () => true };
  }
  if (hasChangesElsewhere(file)) throw incomplete(file);
  const before = stampOf(file);
  return {
    address: `${base}&immutable=1`,
    isCurrent: () => !hasChangesElsewhere(file) && stampOf(file) === before,
  };
}

/**
 * Opens a connection that reads `file` without changing anything; see `untouched`. Each statement sees the committed state of one
 * moment.
 */
export function openUntouchedReader(file: string): ReadConnection {
  let open = connect(file);

  async function read<T>(work: (from: Connected['reads']) => Promise<T>): Promise<T> {
    for (;;) {
      if (!open.isCurrent()) {
        open.close();
        open = connect(file);
      }
      try {
        const result = await work(open.reads);
        if (open.isCurrent()) return result;
      } catch (thrown) {
        // A statement that failed on pages which another process was changing runs again.
        if (open.isCurrent()) throw thrown;
      }
    }
  }

  return {
    all: (statement, values) => read((from) => from.all(statement, values)),
    first: (statement, values) => read((from) => from.first(statement, values)),
    close: () => open.close(),
  };
}

/** A reader whose statements all see the committed state of one moment. */
export interface MomentReader extends ReadConnection {
  /** See `UntouchedFile`. */
  readonly isCurrent: () => boolean;
}

/** Opens a connection that reads `file` in that way, as of now. Close it soon: a tracker cannot shorten its write-ahead log before. */
export function openUntouchedMoment(file: string): MomentReader {
  const { reads, isCurrent, close, begin } = connect(file);
  begin();
  return { ...reads, isCurrent, close };
}

type Connected = ReturnType<typeof connect>;

function connect(file: string) {
  const { address, isCurrent } = untouched(file);
  const connection = new Libsql(':memory:');
  connection.prepare('ATTACH ? AS live').run([address]);
  prepareReader(connection);
  return {
    isCurrent,
    reads: sqliteReads(connection),
    begin: () => void connection.exec('BEGIN'),
    close: () => void connection.close(),
  };
}

/** Whether a write-ahead log or a rollback journal holds committed or half-written pages. */
const hasChangesElsewhere = (file: string): boolean =>
  (sizeOf(`${file}-wal`) ?? 0) > 0 || (sizeOf(`${file}-journal`) ?? 0) > 0;

function stampOf(file: string): string {
  const { ino, size, mtimeNs } = statSync(file, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return null;
    throw error;
  }
}

const incomplete = (file: string): OperatorError =>
  new OperatorError(
    `the database ${file} cannot be read without changing it: a program stopped while it was writing, and the file ${file}-shm is missing`,
    'Copy the whole folder and start a tracker on the copy, or start a tracker here; it completes the database.',
  );
