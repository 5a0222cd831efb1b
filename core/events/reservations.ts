// Unique names in SQL: taken, kept for a while, given back. It knows no event.
import type { Sql } from './sql.js';
import type { ReservationChange } from './store.js';

// One statement decides: a name is free if nobody has it, if it is one's own, or if its hold has run out.
const TAKE = `INSERT INTO reservations (kind, name, owner, until) VALUES (?, ?, ?, ?)
  ON CONFLICT (kind, name) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE reservations.owner = excluded.owner OR reservations.until <= ?`;

/** Makes the change, at the time `now`; gives the name that another owner has, or null if all is well. */
export async function reserve(sql: Sql, change: ReservationChange, now: number): Promise<string | null> {
  const { kind, name, owner } = change;
  if (change.action !== 'release') {
    const until = change.action === 'hold' ? change.until : null;
    const taken = await sql.run(TAKE, [kind, change.name, owner, until, now]);
    return taken === 1 ? null : change.name;
  }
  if (name === null) await sql.run('DELETE FROM reservations WHERE kind = ? AND owner = ?', [kind, owner]);
  else
    await sql.run('DELETE FROM reservations WHERE kind = ? AND owner = ? AND name = ?', [kind, owner, name]);
  return null;
}
