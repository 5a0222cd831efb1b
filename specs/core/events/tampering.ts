// The changes that someone with the file, but without the key, can make to a log. A seed chooses them, and plain SQL
// makes them. Each gives the position at which it must be found.
import Libsql from 'libsql';
import { type Head, sealEvent } from '../../../core/events/chain.js';
import { event } from './samples.js';

/** Pseudorandom numbers from a seed: mulberry32. */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export interface Tampering {
  readonly what: string;
  /** The first position that must be reported as bad. */
  readonly position: number;
}

const TEXTS = [
  'stream',
  'type',
  'payload',
  'personal',
  'salt',
  'personal_digest',
  'metadata',
  'hash',
] as const;
const NUMBERS = ['position', 'version', 'schema_version', 'recorded_at'] as const;

/** Changes the log of `length` events in `file`. */
export function tamper(file: string, length: number, pick: (below: number) => number): Tampering {
  const database = new Libsql(file);
  database.pragma('synchronous = OFF');
  // An index could refuse the change, so it is dropped.
  database.exec('DROP INDEX IF EXISTS events_stream_version');
  const run = (sql: string, ...values: (string | number | Buffer | null)[]): void =>
    void database.prepare(sql).run(values);
  const position = 1 + pick(length);
  const other = 1 + ((position + pick(length - 1)) % length);
  const first = Math.min(position, other);

  function done(): Tampering {
    switch (pick(9)) {
      case 0:
      case 1:
      case 2:
        return flipText();
      case 3:
        return flipNumber();
      case 4:
        run('DELETE FROM events WHERE position = ?', position);
        return { what: `deleted ${position}`, position };
      case 5:
        run('DELETE FROM events WHERE position >= ?', position);
        return { what: `truncated from ${position}`, position };
      case 6:
        run('UPDATE events SET position = -1 WHERE position = ?', position);
        run('UPDATE events SET position = ? WHERE position = ?', position, other);
        run('UPDATE events SET position = ? WHERE position = -1', other);
        return { what: `swapped ${position} and ${other}`, position: first };
      case 7:
        run(`UPDATE events SET payload = '{"what":"forged"}' WHERE position = ?`, position);
        return { what: `rewrote the payload of ${position}`, position };
      default:
        return pick(2) === 0 ? rewriteTail() : addBehindHead();
    }
  }

  function flipText(): Tampering {
    const column = TEXTS[pick(TEXTS.length)] ?? 'hash';
    const select = `SELECT CAST(${column} AS BLOB) AS bytes FROM events WHERE position = ?`;
    const { bytes } = database.prepare(select).get([position]) as { readonly bytes: ArrayBuffer | null };
    if (bytes === null || bytes.byteLength === 0) return flipNumber();
    const changed = Buffer.from(bytes);
    const [at, bit] = [pick(changed.length), pick(8)];
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
    run(`UPDATE events SET ${column} = CAST(? AS TEXT) WHERE position = ?`, changed, position);
    return { what: `flipped bit ${bit} of byte ${at} of ${column} at ${position}`, position };
  }

  function flipNumber(): Tampering {
    const column = NUMBERS[pick(NUMBERS.length)] ?? 'version';
    // The lower bits of a position are left alone: a changed position must not be the position of another event, which the table
    // refuses.
    const bit = column === 'position' ? 8 + pick(20) : pick(30);
    run(
      `UPDATE events SET ${column} = (${column} | ?) - (${column} & ?) WHERE position = ?`,
      1 << bit,
      1 << bit,
      position,
    );
    return { what: `flipped bit ${bit} of ${column} at ${position}`, position };
  }

  // The rewritten chain is consistent, so only the head's signature shows the change. The head's hash is changed with the chain
  // or left as it was.
  function rewriteTail(): Tampering {
    let head: Head = { position: position - 1, hash: '0'.repeat(64) };
    if (position > 1)
      head = database
        .prepare('SELECT position, hash FROM events WHERE position = ?')
        .get([position - 1]) as Head;
    const rows = database
      .prepare('SELECT stream, version FROM events WHERE position >= ? ORDER BY position')
      .all([position]);
    for (const { stream, version } of rows as { readonly stream: string; readonly version: number }[]) {
      const row = sealEvent(head, { stream, version, recordedAt: 1, newSalt: () => '' }, event('Forged'));
      run('DELETE FROM events WHERE position = ?', row.position);
      insert(row);
      head = row;
    }
    if (pick(2) === 0) run('UPDATE log_head SET hash = ?', head.hash);
    return { what: `rewrote all from ${position} on with a consistent chain`, position: length };
  }

  function addBehindHead(): Tampering {
    const head = database.prepare('SELECT position, hash FROM log_head').get([]) as Head;
    insert(
      sealEvent(head, { stream: 'forged', version: 1, recordedAt: 1, newSalt: () => '' }, event('Forged')),
    );
    return { what: 'added an event behind the signed head', position: length + 1 };
  }

  function insert(row: ReturnType<typeof sealEvent>): void {
    run(
      `INSERT INTO events (position, stream, version, type, schema_version, payload, metadata, recorded_at, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.position,
      row.stream,
      row.version,
      row.type,
      row.schemaVersion,
      row.payload,
      row.metadata,
      row.recordedAt,
      row.hash,
    );
  }

  try {
    return done();
  } finally {
    database.close();
  }
}
