// The resolution of a typed subject at a moment: a name may have belonged to several accounts or rooms, one after the other.
import { z } from 'zod';
import { addressOf } from '../../core/actor/aggregate.js';
import { OperatorError } from '../../core/errors.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import { foldName } from '../../core/protocol/names.js';
import { timeText } from '../text/time.js';
import type { Names } from './names.js';
import { parseSubject, SUBJECT_FORMS, type Subject, type SubjectKind, subjectOf } from './subject.js';

/** The span for which a subject had a name: from position `from` up to but not including position `before`. */
interface Tenure {
  readonly subject: Subject;
  readonly from: number;
  /** Milliseconds since the epoch. */
  readonly fromTime: number;
  /** Infinity if the subject still has the name. */
  readonly before: number;
}

export interface Resolver {
  /**
   * The subject that `text` names at a position. If no subject has the name at that position, the only subject that ever had the
   * name. Throws an `OperatorError` if none had it, or if several had it; the error then lists them.
   */
  resolve(text: string, position: number): Promise<Subject>;
  /** As `resolve`, for accounts only. A plain name is that of an account. */
  resolveAccount(text: string, position: number): Promise<Subject>;
  /** As `resolve`, for rooms only. A plain name is that of a room. */
  resolveRoom(text: string, position: number): Promise<Subject>;
}

// Finds the accounts with the name, and all that were renamed: their `named_at` is later than their `registered_at`.
const ACCOUNTS = `SELECT ${bytes('id')} AS id FROM accounts WHERE folded = ? OR named_at > registered_at`;
// The first versions have no renamed accounts, and no column for them.
const ACCOUNTS_WITHOUT_RENAMES = `SELECT ${bytes('id')} AS id FROM accounts WHERE folded = ?`;
const CAN_RENAME = "SELECT 1 AS one FROM pragma_table_info('accounts') WHERE name = 'named_at'";
// Rooms are never renamed. A closed room keeps its row.
const ROOMS = `SELECT ${bytes('id')} AS id FROM rooms WHERE folded = ?`;
const CLOSING = `SELECT position FROM events WHERE stream = ? AND type = 'RoomClosed' ORDER BY version DESC LIMIT 1`;
const FIRST = 'SELECT position FROM events WHERE stream = ? ORDER BY version LIMIT 1';

const idRow = z.object({ id: z.string() });
const positionRow = z.object({ position: z.number() });

export function createResolver(sql: Pick<Sql, 'all'>, names: Names): Resolver {
  async function resolveIn(
    text: string,
    position: number,
    allowed: readonly SubjectKind[],
  ): Promise<Subject> {
    const typed = parseSubject(text);
    const kinds = typed.kinds.filter((kind) => allowed.includes(kind));
    if (typed.by === 'id') {
      const existing = await firstExisting(kinds.map((kind) => subjectOf(kind, typed.id)));
      if (existing === null) throw missing(text, allowed);
      return existing;
    }
    const tenures: Tenure[] = [];
    for (const kind of kinds) tenures.push(...(await tenuresOf(kind, foldName(typed.name))));
    return choose(text, position, tenures, allowed);
  }

  async function firstExisting(subjects: readonly Subject[]): Promise<Subject | null> {
    for (const subject of subjects) if ((await firstPosition(FIRST, subject.stream)) !== null) return subject;
    return null;
  }

  async function tenuresOf(kind: SubjectKind, folded: string): Promise<readonly Tenure[]> {
    const streams = await streamsWith(kind, folded);
    const tenures = await Promise.all(
      streams.map((stream) => (kind === 'room' ? roomTenures(stream) : accountTenures(stream, folded))),
    );
    return tenures.flat();
  }

  async function streamsWith(kind: SubjectKind, folded: string): Promise<readonly string[]> {
    const rows = await sql.all(kind === 'room' ? ROOMS : await accountsSelect(), [folded]);
    return rows.map((row) => {
      const { id } = idRow.parse(decoded(row));
      return kind === 'room' ? id : subjectOf(kind, id).stream;
    });
  }

  async function accountsSelect(): Promise<string> {
    return (await sql.all(CAN_RENAME)).length > 0 ? ACCOUNTS : ACCOUNTS_WITHOUT_RENAMES;
  }

  async function accountTenures(stream: string, folded: string): Promise<readonly Tenure[]> {
    const namings = await names.ofStream(stream);
    return namings.flatMap(({ position, recordedAt, name }, index) =>
      name === null || foldName(name) !== folded
        ? []
        : tenure(stream, position, recordedAt, namings[index + 1]?.position),
    );
  }

  async function roomTenures(stream: string): Promise<readonly Tenure[]> {
    const [created] = await names.ofStream(stream);
    if (created === undefined) return [];
    return tenure(
      stream,
      created.position,
      created.recordedAt,
      (await firstPosition(CLOSING, stream)) ?? undefined,
    );
  }

  async function firstPosition(select: string, stream: string): Promise<number | null> {
    const [row] = await sql.all(select, [stream]);
    return row === undefined ? null : positionRow.parse(row).position;
  }

  return {
    resolve: (text, position) => resolveIn(text, position, ['room', 'account']),
    resolveAccount: (text, position) => resolveIn(text, position, ['account']),
    resolveRoom: (text, position) => resolveIn(text, position, ['room']),
  };
}

function tenure(stream: string, from: number, fromTime: number, before?: number): readonly Tenure[] {
  const address = addressOf(stream);
  if (address === null) return [];
  const subject = subjectOf(address.kind === 'room' ? 'room' : 'account', address.id);
  return [{ subject, from, fromTime, before: before ?? Number.POSITIVE_INFINITY }];
}

function choose(
  text: string,
  position: number,
  tenures: readonly Tenure[],
  allowed: readonly SubjectKind[],
): Subject {
  const present = tenures.filter(({ from, before }) => from <= position && position < before);
  const candidates = present.length > 0 ? present : tenures;
  const [first, ...others] = new Map(candidates.map(({ subject }) => [subject.stream, subject])).values();
  if (first === undefined) throw missing(text, allowed);
  if (others.length > 0) throw ambiguous(text, position, candidates, present.length > 0);
  return first;
}

function missing(text: string, allowed: readonly SubjectKind[]): OperatorError {
  const kinds = allowed.toReversed().join(' or ');
  return new OperatorError(`no ${kinds} has or had the name or id ${text}`, SUBJECT_FORMS);
}

function ambiguous(
  text: string,
  position: number,
  tenures: readonly Tenure[],
  arePresent: boolean,
): OperatorError {
  const list = tenures
    .toSorted((one, other) => one.from - other.from)
    .map(({ subject, from, fromTime, before }) => {
      const end = Number.isFinite(before) ? `to position ${before}` : 'until now';
      return `${subject.stream} (from position ${from}, ${timeText(fromTime)}, ${end})`;
    })
    .join('; ');
  const when = arePresent
    ? `at position ${position}`
    : `at different times, but none at position ${position}`;
  return new OperatorError(
    `several rooms or accounts have the name ${text} ${when}`,
    `Give #room or @user, another moment, or one of these ids: ${list}.`,
  );
}
