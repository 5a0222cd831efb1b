// The writing of imported rows into the new database: events with the tables that derive from them and the Merkle tree, and the
// rows of other tables. Each row is checked before it is written.
import type Libsql from 'libsql';
import { trackerProjections } from '../../actors/projections/derived.js';
import { whyUnknown } from '../../actors/host.js';
import { InvariantError } from '../../core/errors.js';
import { growTree } from '../../core/events/derived/log-tree.js';
import { project } from '../../core/events/derived/projector.js';
import {
  createLogCheck,
  isFault,
  isUnreadableRow,
  type LogCheck,
} from '../../core/events/verification/log-check.js';
import type { WriteConnection } from '../../core/events/sql/sql.js';
import { type Columns, inSql, type Table } from '../../core/events/sql/table.js';
import { events } from '../../core/events/sql/tables.js';
import { reasonOf } from '../../core/reason.js';
import type { StateRow } from './format.js';

/** `event` and `state` return the reason why a row cannot be written; null after the row was written. */
export interface RowImport {
  event(row: unknown): Promise<string | null>;
  state(row: StateRow, tables: readonly Table<Columns>[]): string | null;
  /** Completes the tree. Call it after the last event. */
  end(): Promise<LogCheck>;
}

/** The tree grows in steps of this many events. */
const TREE_STEP = 4_096;

/** @param quarantined the positions of events that are stored and not applied */
export function createRowImport(
  connection: Libsql.Database,
  sql: WriteConnection,
  quarantined: ReadonlySet<number>,
): RowImport {
  // The signature of the head is checked with the header.
  const check = createLogCheck(() => true);
  const columns = Object.keys(events.columns);
  const insert = connection.prepare(insertOf(events.name, columns));
  const inserts = new Map<string, Libsql.Statement>();
  let grown = 0;

  async function grow(): Promise<void> {
    await growTree(sql, grown, check.head.position);
    grown = check.head.position;
  }

  return {
    async event(row) {
      const event = check.next(row);
      if (isFault(event)) return event.reason;
      const isApplied = !quarantined.has(event.position);
      const problem = isUnreadableRow(event) ? event.reason : whyUnknown(event);
      if (problem !== null && isApplied) return problem;
      const stored = events.row.parse(row);
      const list = Object.values(stored);
      if (list.some(hasNul)) return 'its text has a NUL character';
      insert.run(list);
      try {
        if (isApplied && !isUnreadableRow(event)) await project(trackerProjections, [event], sql);
      } catch (thrown) {
        if (thrown instanceof InvariantError) throw thrown;
        return `the tables cannot apply it (${reasonOf(thrown)})`;
      }
      if (check.head.position - grown >= TREE_STEP) await grow();
      return null;
    },
    state({ table: name, row }, tables) {
      const table = tables.find((one) => one.name === name);
      if (table === undefined) return `this version of Partyline has no table ${name} there`;
      const parsed = table.row.strict().safeParse(row);
      if (!parsed.success) return reasonOf(parsed.error);
      const list = Object.keys(table.columns).map((column) => row[column] ?? null);
      if (list.some(hasNul)) return 'its text has a NUL character';
      let statement = inserts.get(name);
      if (statement === undefined) {
        statement = connection.prepare(insertOf(name, Object.keys(table.columns)));
        inserts.set(name, statement);
      }
      try {
        statement.run(list);
      } catch (thrown) {
        return `the table ${name} cannot store it (${reasonOf(thrown)})`;
      }
      return null;
    },
    async end() {
      await grow();
      return check;
    },
  };
}

const insertOf = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.map(inSql).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

// The driver silently cuts text at a NUL.
const hasNul = (value: unknown): boolean => typeof value === 'string' && value.includes('\0');
