// The search for the next or previous event of some kind, slice by slice, so that a key can end a long search.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Sql, SqlValue } from '../../../core/events/sql/sql.js';
import { bytes, decoded } from '../../../core/events/verification/log-reader.js';
import { foldName } from '../../../core/protocol/names.js';
import { versionAt } from '../../log/steps.js';
import { lastPosition } from '../../moment.js';
import type { Names } from '../../subject/names.js';
import type { Subject, SubjectKind } from '../../subject/subject.js';
import type { Seek } from '../reads.js';

const FIRST_SLICE_EVENTS = 500;
const SLICE_GROWTH = 4;
const SLICE_MAX_EVENTS = 20_000;
/** If more accounts match a search, it finds only their own events: comparing each id with every event takes too long. */
const IDS_MAX = 8;
const SUBJECTS_AT_ONCE = 200;

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const positionRow = z.object({ position: z.number() });
const idRow = z.object({ id: z.string() });
const ACCOUNT_IDS = `SELECT ${bytes('id')} AS id FROM accounts`;
const NOTHING: Condition = { sql: 'FALSE', values: [] };

export function createSeeker(sql: Pick<Sql, 'all'>, names: Names) {
  /** The condition of the last text, because the next hit is usually of the same text. */
  let last: { readonly text: string; readonly end: number; readonly condition: Condition } | null = null;

  async function conditionOf(target: Seek['target']): Promise<Condition> {
    switch (target.kind) {
      case 'types':
        return { sql: `type IN (${target.types.map(() => '?').join(', ')})`, values: target.types };
      case 'subject':
        return concerning([target.subject], [target.subject.id]);
      case 'text': {
        const end = await lastPosition(sql);
        if (last?.text !== target.text || last.end !== end) {
          last = { text: target.text, end, condition: await textCondition(target.text) };
        }
        return last.condition;
      }
    }
  }

  async function textCondition(text: string): Promise<Condition> {
    const sign = text.charAt(0);
    const isName = (sign === '#' || sign === '@') && text.length > 1;
    const folded = foldName(isName ? text.slice(1) : text);
    const rooms = isName && sign === '@' ? [] : await roomsNamed(folded);
    const accounts = isName && sign === '#' ? [] : await accountsNamed(folded);
    const ids = accounts.length <= IDS_MAX ? accounts : [];
    const subjects = [
      ...rooms.map((stream) => ({ stream })),
      ...accounts.map((id) => ({ stream: `account-${id}` })),
    ];
    const named = concerning(subjects, ids);
    if (isName) return named;
    // The texts of an event are JSON. SQLite lowers the letters of ASCII only.
    const written = JSON.stringify(text)
      .slice(1, -1)
      .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    const columns = ['type', 'payload', 'personal'];
    return anyOf([
      ...columns.map((column) => ({ sql: `instr(lower(${column}), ?) > 0`, values: [written] })),
      named,
    ]);
  }

  async function roomsNamed(folded: string): Promise<readonly string[]> {
    const rows = await sql.all(`SELECT ${bytes('id')} AS id FROM rooms WHERE instr(folded, ?) > 0`, [folded]);
    return rows.map((row) => idRow.parse(decoded(row)).id);
  }

  async function accountIds(where: string, values: readonly SqlValue[]): Promise<readonly string[]> {
    const rows = await sql.all(`${ACCOUNT_IDS} WHERE ${where}`, values);
    return rows.map((row) => idRow.parse(decoded(row)).id);
  }

  /** The accounts that have or had a name that contains this text. */
  async function accountsNamed(folded: string): Promise<readonly string[]> {
    const found = new Set(await accountIds('instr(folded, ?) > 0', [folded]));
    for (const [index, id] of (await accountIds('named_at > registered_at', [])).entries()) {
      if (index % SUBJECTS_AT_ONCE === SUBJECTS_AT_ONCE - 1) await nextTurn();
      const namings = await names.ofStream(`account-${id}`);
      if (namings.some(({ name }) => name !== null && foldName(name).includes(folded))) found.add(id);
    }
    return [...found];
  }

  async function inLog(
    { from, direction, signal, onProgress }: Seek,
    condition: Condition,
  ): Promise<number | null> {
    const isNext = direction === 'next';
    const end = isNext ? await lastPosition(sql) : 0;
    const select = `SELECT position FROM events WHERE position > ? AND position <= ? AND (${condition.sql})
      ORDER BY position ${isNext ? 'ASC' : 'DESC'} LIMIT 1`;
    let size = FIRST_SLICE_EVENTS;
    for (let at = isNext ? from : from - 1; isNext ? at < end : at > 0; ) {
      const part = isNext ? [at, Math.min(end, at + size)] : [Math.max(0, at - size), at];
      const [row] = await sql.all(select, [...part, ...condition.values]);
      if (signal.aborted) return null;
      if (row !== undefined) return positionRow.parse(row).position;
      at += isNext ? size : -size;
      size = Math.min(SLICE_MAX_EVENTS, size * SLICE_GROWTH);
      onProgress(Math.abs(at - from));
      await nextTurn();
      if (signal.aborted) return null;
    }
    return null;
  }

  /** The events of a room are found by their versions. */
  async function inStream(stream: string, { from, direction }: Seek): Promise<number | null> {
    const version =
      direction === 'next'
        ? (await versionAt(sql, stream, from)) + 1
        : await versionAt(sql, stream, Math.max(0, from - 1));
    const [row] = await sql.all('SELECT position FROM events WHERE stream = ? AND version = ?', [
      stream,
      version,
    ]);
    return row === undefined ? null : positionRow.parse(row).position;
  }

  return async (seek: Seek): Promise<number | null> => {
    const { target } = seek;
    if (target.kind === 'subject' && target.subject.kind === roomKind)
      return inStream(target.subject.stream, seek);
    return inLog(seek, await conditionOf(target));
  };
}

const roomKind: SubjectKind = 'room';

/** The events of some streams, and those whose payload or metadata has one of the ids. */
function concerning(subjects: readonly Pick<Subject, 'stream'>[], ids: readonly string[]): Condition {
  const streams: Condition = {
    sql: 'stream IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(subjects.map(({ stream }) => stream))],
  };
  const mentions = ids.flatMap((id) =>
    ['payload', 'metadata'].map((column): Condition => ({ sql: `instr(${column}, ?) > 0`, values: [id] })),
  );
  return subjects.length === 0 ? NOTHING : anyOf([streams, ...mentions]);
}

const anyOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' OR '),
  values: conditions.flatMap(({ values }) => values),
});
