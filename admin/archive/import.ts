// The import of an exported log into a new home. Afterwards the home is complete, checked and on the disk, or it does not exist.
import { createHash } from 'node:crypto';
import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Libsql from 'libsql';
import { trackerTables } from '../../actors/projections/tables.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { type Head, headText } from '../../core/events/chain.js';
import { createLogTree } from '../../core/events/derived/log-tree.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import { type DatabaseOptions, openDatabase } from '../../core/events/sql/database.js';
import type { WriteConnection } from '../../core/events/sql/sql.js';
import { sqliteWriter } from '../../core/events/sql/sqlite.js';
import { insertInto } from '../../core/events/sql/table.js';
import { logIdentity } from '../../core/events/sql/tables.js';
import { isSignedBy, type SigningKey } from '../../core/keys.js';
import { rootOf } from '../../core/merkle/tree.js';
import { keepAliveSchedule } from '../../core/time/clock.js';
import {
  END_BEGINS,
  EVENT_BEGINS,
  endSchema,
  endText,
  type ExportEnd,
  type ExportHeader,
  firstDigest,
  headerSchema,
  nextDigest,
  STATE_BEGINS,
  secretTables,
  stateSchema,
  stateTables,
} from './format.js';
import { createRowImport } from './import-rows.js';
import { makeNewHome } from './new-home.js';
import { badLine, readLines } from './read.js';

export interface ImportOptions {
  readonly file: string;
  /** The folder of the new home. It is empty or does not exist. */
  readonly home: string;
  /** The `keys.json` of the tracker that made the export; null to take the keys of the file, or else new keys. */
  readonly keys: string | null;
  /** Whether the log gets another identity, because the first tracker continues its own. */
  readonly isCopy: boolean;
  /** The migrations of the tracker's database. */
  readonly migrations: DatabaseOptions['migrations'];
  /** Called with the position reached. */
  readonly onProgress: (position: number) => void;
}

export interface Imported {
  /** The absolute path of the home. */
  readonly folder: string;
  readonly head: Head;
  readonly hasSecrets: boolean;
  /** Whether the home has the keys of the tracker that made the export. */
  readonly hasKeys: boolean;
  /** Null if the next start makes a new identity. */
  readonly identity: string | null;
}

// 64 MiB of pages.
const CACHE_KIB = 65_536;
const OWNER_ONLY = 0o600;

/** Throws an `OperatorError` that names the line if the file is not as it was written; then no home is made. */
export async function importLog(options: ImportOptions): Promise<Imported> {
  const { file, home, keys, isCopy, migrations } = options;
  return makeNewHome(home, async (draft) => {
    const lines = readLines(file);
    const first = await lines.next();
    if (first.done === true) throw badLine(file, 1, 'the file is empty');
    const { from, texts } = first.value;
    const header = headerOf(file, texts[0] ?? '');
    if (keys !== null) await copyPrivately(keys, join(draft, 'keys.json'));
    else if (header.keys !== null)
      await writeFile(join(draft, 'keys.json'), header.keys, { mode: OWNER_ONLY, flag: 'wx' });
    const { signing } = await openKeyring(draft);
    const hasKeys = signing.publicKey.toString('hex') === header.key;
    if (!hasKeys && (keys !== null || header.keys !== null)) throw otherKeys(file);
    const database = join(draft, 'tracker.db');
    await createDatabase(database, migrations);
    const connection = new Libsql(database);
    try {
      prepare(connection);
      const sql = sqliteWriter(connection, keepAliveSchedule);
      await fill(options, header, connection, sql, { from, texts }, lines);
      await finish(header, sql, signing, isCopy);
      connection.exec('COMMIT');
    } finally {
      connection.close();
    }
    const identity = isCopy ? null : (header.log?.identity ?? null);
    return { folder: resolve(home), head: header.head, hasSecrets: header.hasSecrets, hasKeys, identity };
  });
}

/**
 * Creates an empty database. It is a copy, because the driver releases the locks of a closed connection late, and the import needs
 * the file for itself.
 */
async function createDatabase(file: string, migrations: DatabaseOptions['migrations']): Promise<void> {
  const folder = `${file}.new`;
  const first = join(folder, 'tracker.db');
  const database = await openDatabase({ file: first, migrations, tables: trackerTables });
  await database.writeConnection.all('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
  await copyFile(first, file);
  await chmod(file, OWNER_ONLY);
  await rm(folder, { recursive: true });
}

/** Nothing is lost if the process ends early: the draft is then worthless, so it needs neither a journal nor syncs. */
function prepare(connection: Libsql.Database): void {
  // A tracker sets the mode of the file to a write-ahead log when it opens it.
  connection.pragma('journal_mode = DELETE');
  connection.pragma('journal_mode = OFF');
  connection.pragma('synchronous = OFF');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.exec('BEGIN EXCLUSIVE');
}

function headerOf(file: string, text: string): ExportHeader {
  const value = parsed(text);
  const header = headerSchema.safeParse(value);
  if (!header.success) throw notExport(file, value);
  const { head, key } = header.data;
  const isSigned =
    head.position === 0 ||
    isSignedBy(Buffer.from(key, 'hex'), headText(head), Buffer.from(head.signature, 'base64url'));
  if (!isSigned) throw badLine(file, 1, 'the head is not signed by the key of the header');
  return header.data;
}

function notExport(file: string, header: unknown): OperatorError {
  const isObject = typeof header === 'object' && header !== null;
  if (isObject && 'specversion' in header) {
    return new OperatorError(
      `${file} contains CloudEvents, which lack names, texts and the data that the hashes cover`,
      'Export the log without --cloudevents to import it.',
    );
  }
  const format = isObject && 'format' in header ? String(header.format) : '';
  if (/^export\/\d{1,9}$/.test(format) && format !== 'export/1') {
    return new OperatorError(
      `${file} was exported by a newer version of Partyline (${format})`,
      'Import it with the version that exported it, or a later one.',
    );
  }
  return badLine(file, 1, 'it is not the first line of an exported log');
}

type Chunk = { readonly from: number; readonly texts: readonly string[] };

/** Writes all rows of the file, and checks them, their order and the last line. */
async function fill(
  { file, onProgress }: ImportOptions,
  header: ExportHeader,
  connection: Libsql.Database,
  sql: WriteConnection,
  first: Chunk,
  rest: AsyncIterable<Chunk>,
): Promise<void> {
  const digest = createHash('sha256');
  const tables = header.hasSecrets ? [...stateTables, ...secretTables] : stateTables;
  const rows = createRowImport(connection, sql, new Set(header.quarantined));
  let rowDigest = '';
  let position = 0;
  let end: ExportEnd | null = null;
  let line = 0;

  async function problemOf(text: string): Promise<string | null> {
    if (end !== null) return 'it comes after the line that ends the export';
    if (line === 1) {
      rowDigest = firstDigest(text);
      return null;
    }
    if (text.startsWith(EVENT_BEGINS)) {
      const value = parsed(text);
      if (typeof value !== 'object' || value === null || !('event' in value)) return 'it is not JSON';
      position += 1;
      return rows.event(value.event);
    }
    if (text.startsWith(STATE_BEGINS)) {
      const row = stateSchema.safeParse(parsed(text));
      if (!row.success) return 'it is not the row of a table';
      if (position > 0) return 'it comes after the first event';
      rowDigest = nextDigest(rowDigest, row.data);
      if (rowDigest !== row.data.digest) return 'its digest does not match its row and the rows before it';
      return rows.state(row.data, tables);
    }
    if (!text.startsWith(END_BEGINS)) return 'it is not a line of an export';
    end = endSchema.safeParse(parsed(text)).data?.end ?? null;
    return end === null ? 'it is not the line that ends an export' : null;
  }

  async function take({ from, texts }: Chunk): Promise<void> {
    for (const [index, text] of texts.entries()) {
      line = from + index;
      const problem = await problemOf(text);
      if (problem !== null) throw badLine(file, line, problem);
    }
    const covered = end === null ? texts : texts.slice(0, -1);
    for (const text of covered) digest.update(text).update('\n');
    onProgress(position);
  }

  await take(first);
  for await (const chunk of rest) await take(chunk);
  const missing = 'the file ends here without the line that ends an export';
  if (end === null) throw badLine(file, line, missing);
  const written = digest.digest('hex');
  const { lines, digest: expected, signature } = end satisfies ExportEnd;
  if (lines !== line - 1 || written !== expected)
    throw badLine(file, line, 'its digest does not match the lines before it');
  if (
    !isSignedBy(Buffer.from(header.key, 'hex'), endText(lines, expected), Buffer.from(signature, 'base64url'))
  )
    throw badLine(file, line, 'it is not signed by the key of the header');
  const check = await rows.end();
  const { head } = check;
  if (head.position !== header.head.position || head.hash !== header.head.hash)
    throw badLine(
      file,
      line,
      `the events end at position ${head.position}, but the first line names another head`,
    );
  if (!isDeepStrictEqual([...(await readQuarantines(sql)).keys()], header.quarantined))
    throw badLine(file, 1, 'its quarantined events are not those of the log');
  const root = (await rootOf(createLogTree(sql), head.position)).toString('hex');
  if (root !== header.root) throw badLine(file, 1, 'its root does not match the Merkle tree of the events');
}

async function finish(
  { head, log }: ExportHeader,
  sql: WriteConnection,
  signing: SigningKey,
  isCopy: boolean,
): Promise<void> {
  // Ed25519 is deterministic: the same key makes the same signature.
  const signature = head.position === 0 ? '' : signing.sign(headText(head)).toString('base64url');
  const values = [head.position, head.hash, signature];
  await sql.run('UPDATE log_head SET position = ?, hash = ?, signature = ? WHERE id = 1', values);
  if (log !== null && !isCopy) await sql.run(...insertInto(logIdentity, { id: 1, ...log }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

async function copyPrivately(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
    await chmod(to, OWNER_ONLY);
  } catch (cause) {
    throw new OperatorError(`the keys ${from} cannot be read: ${messageOf(cause)}`, 'Check the path.', {
      cause,
    });
  }
}

const otherKeys = (file: string): OperatorError =>
  new OperatorError(
    `${file} was not made by the tracker that has these keys`,
    'Give the keys.json of the home that was exported, or import without --keys to make new keys.',
  );
