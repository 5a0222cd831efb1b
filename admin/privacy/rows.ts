// The rows outside of the log and its derived tables that contain texts to redact, and their deletion.
import { z } from 'zod';
import { USERNAMES } from '../../actors/account/aggregate.js';
import { ownerOf } from '../../actors/passwords/table.js';
import type { Sql, SqlValue } from '../../core/events/sql/sql.js';
import { accountIdSchema } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';
import { accountOf, hasTextOf, type RedactionPlan } from './plan.js';

/** The numbers of deleted rows by table; a table without deleted rows is absent. */
export type RowsRemoved = Readonly<Record<string, number>>;

const SLICE_ROWS = 500;
const textRow = z.object({ rowId: z.number(), text: z.string() });

/** @param account the account whose personal data is all removed; null if only some events are redacted */
export async function removeRows(
  sql: Sql,
  plan: RedactionPlan,
  account: string | null,
): Promise<RowsRemoved> {
  const removed: Record<string, number> = {};
  const remove = async (table: string, where: string, ...values: readonly SqlValue[]): Promise<void> => {
    const rows = await sql.run(`DELETE FROM ${table} WHERE ${where}`, values);
    if (rows > 0) removed[table] = (removed[table] ?? 0) + rows;
  };
  const ofNames = plan.events.flatMap((event) => {
    const { stream, personal } = event;
    const names = [personal?.['username'], personal?.['formerly'], personal?.['name']];
    const owners = [stream.replace(/^[a-z]+-/, ''), accountOf(event) ?? ''];
    return names.flatMap((name) =>
      typeof name === 'string' ? owners.map((owner) => [name, owner] as const) : [],
    );
  });
  for (const [name, owner] of ofNames)
    await remove('reservations', 'name = ? AND owner = ?', foldName(name), owner);
  if (account !== null) {
    await remove('reservations', 'kind = ? AND owner = ?', USERNAMES, account);
    await remove('credentials', 'owner = ?', ownerOf(accountIdSchema.parse(account)));
    await remove('login_failures', 'account = ?', account);
    for (const name of plan.names) await remove('login_failures', 'name = ?', foldName(name));
    await remove('waiting', 'awaited = ? OR account = ?', account, account);
    await remove('blocks', 'account = ? OR blocked = ?', account, account);
    await remove('contacts', 'account = ? OR accepted = ?', account, account);
    await remove('guarded_accounts', 'account = ?', account);
    for (const device of plan.devices) {
      await remove('whereabouts', 'device = ?', device);
      await remove('receipts', 'scope = ?', device);
    }
  }
  const isFound = hasTextOf(plan.names, plan.texts);
  for (const [table, column] of [
    ['receipts', 'outcome'],
    ['stopped_streams', 'reason'],
  ] as const) {
    for (const rowId of await rowsWith(sql, table, column, isFound)) await remove(table, 'rowid = ?', rowId);
  }
  return removed;
}

async function rowsWith(
  sql: Sql,
  table: string,
  column: string,
  isFound: (text: string) => boolean,
): Promise<readonly number[]> {
  const select = `SELECT rowid AS "rowId", ${column} AS text FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  const found: number[] = [];
  for (let after = Number.NEGATIVE_INFINITY; ; ) {
    const rows = (await sql.all(select, [after, SLICE_ROWS])).map((row) => textRow.parse(row));
    found.push(...rows.filter(({ text }) => isFound(text)).map(({ rowId }) => rowId));
    if (rows.length < SLICE_ROWS) return found;
    after = rows.at(-1)?.rowId ?? after;
  }
}
