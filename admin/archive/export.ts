// The export of a home's log: all of its events and the state that no event holds, as of one moment. It changes no file of the home.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cloudEvent } from '../../core/bus/event-relay.js';
import { OperatorError } from '../../core/errors.js';
import { faultOf, GENESIS, type Head } from '../../core/events/chain.js';
import { createLogTree } from '../../core/events/derived/log-tree.js';
import { type EventRow, parseEventRow, quarantinedEvent, readEvent } from '../../core/events/event.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { type Columns, selectFrom, type Table } from '../../core/events/sql/table.js';
import { logHead, logIdentity } from '../../core/events/sql/tables.js';
import { openUntouchedMoment } from '../../core/events/sql/untouched.js';
import {
  decoded,
  readLogHead,
  readLogRows,
  uncheckedColumnsOf,
} from '../../core/events/verification/log-reader.js';
import type { SignedHead } from '../../core/events/store.js';
import { rootOf } from '../../core/merkle/tree.js';
import { reasonOf } from '../../core/reason.js';
import type { AdminHome } from '../home.js';
import { brokenLog } from '../verify.js';
import { secretTables, type StateRow, stateSchema, stateTables } from './format.js';
import { exportText, plain } from './write.js';

const SLICE_ROWS = 500;
const headRow = logHead.row.omit({ id: true });
const rowSchema = stateSchema.shape.row;
const identityRow = logIdentity.row.omit({ id: true });

export interface ExportOptions {
  /** Whether the file also gets the keys, the password hashes, the failed logins and the addresses of devices. */
  readonly withSecrets: boolean;
  /** Called with the position reached. */
  readonly onProgress: (position: number) => void;
}

export interface Export {
  readonly head: Head;
  /** The lines in chunks. Throws an `OperatorError` if the log is broken, or if a tracker started at the same time. */
  readonly text: AsyncIterable<string>;
}

/** The events of a home as CloudEvents, one a line, in chunks. They have no names and texts, so they cannot be imported. */
export async function* cloudEventsText(
  home: AdminHome,
  onProgress: (position: number) => void,
): AsyncGenerator<string> {
  const head = await signedHead(home, home.reader);
  const quarantines = await readQuarantines(home.reader);
  for await (const rows of checkedEvents(home.reader, head, onProgress)) {
    const events = rows.map((row) => {
      const quarantine = quarantines.get(row.position);
      return quarantine === undefined ? readEvent(row) : quarantinedEvent(row, quarantine);
    });
    yield plain(events.map((event) => `${JSON.stringify(cloudEvent(event))}\n`).join(''));
  }
}

/** Begins the export of a home. Read the text at once, because it describes the home at this moment. */
export async function exportLog(
  home: AdminHome,
  { withSecrets, onProgress }: ExportOptions,
): Promise<Export> {
  const moment = openUntouchedMoment(home.file);
  try {
    const head = await signedHead(home, moment);
    const identity = await moment.first(`${selectFrom(logIdentity)} WHERE id = 1`);
    const header = {
      log: identity === undefined ? null : identityRow.parse(identity),
      head,
      root: (await rootOf(createLogTree(moment), head.position)).toString('hex'),
      key: home.signing.publicKey.toString('hex'),
      hasSecrets: withSecrets,
      quarantined: [...(await readQuarantines(moment)).keys()],
      keys: withSecrets ? await readFile(join(dirname(home.file), 'keys.json'), 'utf8') : null,
    };
    const tables = withSecrets ? [...stateTables, ...secretTables] : stateTables;
    async function* state(): AsyncGenerator<readonly StateRow[]> {
      try {
        for (const table of tables) yield* rowsOf(moment, table);
        if (!moment.isCurrent()) throw changed(home.file);
      } finally {
        moment.close();
      }
    }
    const events = checkedEvents(home.reader, head, onProgress);
    return { head, text: exportText({ header, state: state(), events, signing: home.signing }) };
  } catch (thrown) {
    moment.close();
    throw thrown;
  }
}

async function signedHead({ isHeadSigned }: AdminHome, sql: ReadSql): Promise<SignedHead> {
  const head = headRow.safeParse(await readLogHead(sql));
  if (!head.success) throw brokenLog(1, 'the row with the head of the log is missing or damaged');
  const { position, signature } = head.data;
  if (position === 0 || isHeadSigned(head.data, signature)) return head.data;
  throw brokenLog(position, 'the head of the log is not signed by the key of this tracker');
}

async function* rowsOf(sql: ReadSql, table: Table<Columns>): AsyncGenerator<readonly StateRow[]> {
  const select = `SELECT rowid AS "rowId", ${uncheckedColumnsOf(table)} FROM ${table.name} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  for (let after = Number.NEGATIVE_INFINITY; ; ) {
    const rows = (await sql.all(select, [after, SLICE_ROWS])).map(decoded);
    yield rows.map((row) => {
      const parsed = rowSchema.safeParse(row);
      if (parsed.success) return { table: table.name, row: rowWithoutId(parsed.data) };
      throw new OperatorError(
        `a row of the table ${table.name} cannot be read: ${reasonOf(parsed.error)}`,
        'Keep this home for an investigation, and restore a backup.',
      );
    });
    if (rows.length < SLICE_ROWS) return;
    after = Number(rows.at(-1)?.['rowId']);
  }
}

const rowWithoutId = (row: StateRow['row']): StateRow['row'] =>
  Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'rowId'));

/** The events up to the head. Each is checked against the chain, so that a broken log is found before it is needed. */
async function* checkedEvents(
  sql: ReadSql,
  end: Head,
  onProgress: (position: number) => void,
): AsyncGenerator<readonly EventRow[]> {
  let head = GENESIS;
  while (head.position < end.position) {
    const limit = Math.min(SLICE_ROWS, end.position - head.position);
    const rows = await readLogRows(sql, { after: head.position, limit });
    const checked: EventRow[] = [];
    for (const row of rows) {
      const event = checkedRow(head, row);
      head = { position: event.position, hash: event.hash };
      checked.push(event);
    }
    if (checked.length < limit) throw brokenLog(head.position + 1, 'it is missing');
    yield checked;
    onProgress(head.position);
  }
  if (head.hash !== end.hash) throw brokenLog(end.position, 'its hash is not that of the signed head');
}

function checkedRow(head: Head, row: unknown): EventRow {
  let event: EventRow;
  try {
    event = parseEventRow(row);
  } catch (thrown) {
    throw brokenLog(head.position + 1, reasonOf(thrown));
  }
  const fault = faultOf(head, event);
  if (fault !== null) throw brokenLog(head.position + 1, fault);
  return event;
}

const changed = (file: string): OperatorError =>
  new OperatorError(
    `the database ${file} changed during the export, because a tracker started`,
    'Run the command again.',
  );
