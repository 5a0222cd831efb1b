// Unique names in SQL: claimed, held for a time, released. It does not know events.
import type { Sql } from './sql.js';
import type { ReservationChange } from '../store.js';

// One statement decides: a name is free if it has no owner, if this owner already has it, or if its hold has expired.
const TAKE = `INSERT INTO reservations (kind, name, owner, until) VALUES (?, ?, ?, ?)
  ON CONFLICT (kind, name) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE reservations.owner = excluded.owner OR reservations.until <= ?`;

const HOLD_ALL = 'UPDATE reservations SET until = ? WHERE kind = ? AND owner = ? AND until IS NULL';
const RELEASE_ALL = 'DELETE FROM reservations WHERE kind = ? AND owner = ?';

/** Applies the change at the time `now`. Returns the name that another owner has, or null on success. */
export async function reserve(sql: Sql, change: ReservationChange, now: number): Promise<string | null> {
  const { kind, name, owner } = change;
  switch (change.action) {
    case 'claim':
      return take(change.name, null);
    case 'hold':
      if (change.name !== null) return take(change.name, change.until);
      await sql.run(HOLD_ALL, [change.until, kind, owner]);
      return null;
    case 'release':
      if (name === null) await sql.run(RELEASE_ALL, [kind, owner]);
      else await sql.run(`${RELEASE_ALL} AND name = ?`, [kind, owner, name]);
      return null;
  }

  async function take(wanted: string, until: number | null): Promise<string | null> {
    const taken = await sql.run(TAKE, [kind, wanted, owner, until, now]);
    return taken === 1 ? null : wanted;
  }
}
