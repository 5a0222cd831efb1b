// The statistics of a home: counts, sizes and the head of its log.
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { bytes, decoded, readLogHead } from '../core/events/verification/log-reader.js';
import type { Row, Sql } from '../core/events/sql/sql.js';
import { isFileError } from '../core/files.js';
import { sanitiseLine } from '../core/protocol/message/sanitise.js';
import { timeText } from './text/time.js';
import type { AdminHome } from './home.js';
import { counted } from './progress.js';

export interface Stats {
  readonly events: number;
  readonly streams: number;
  readonly accounts: number;
  readonly devices: number;
  readonly rooms: { readonly open: number; readonly closed: number };
  /** Current memberships in all rooms. */
  readonly members: number;
  /** The size of the database with its write-ahead log. */
  readonly bytesOnDisk: number;
  readonly eventsByType: Readonly<Record<string, number>>;
  /**
   * `isSigned` means that the head matches the last event and is signed by this tracker. Earlier events are not checked; `admin
   * verify` does that.
   */
  readonly head: { readonly position: number; readonly hash: string; readonly isSigned: boolean };
  /** ISO 8601 in UTC; null if there are no events. */
  readonly oldest: string | null;
  readonly newest: string | null;
}

const COUNTS = `SELECT
  (SELECT COUNT(*) FROM events) AS events,
  (SELECT COUNT(DISTINCT stream) FROM events) AS streams,
  (SELECT COUNT(*) FROM accounts) AS accounts,
  (SELECT COUNT(*) FROM devices) AS devices,
  (SELECT COUNT(*) FROM rooms WHERE is_open) AS open,
  (SELECT COUNT(*) FROM rooms WHERE NOT is_open) AS closed,
  (SELECT COUNT(*) FROM memberships WHERE left_version IS NULL) AS members`;

const counts = z.object({
  events: z.number(),
  streams: z.number(),
  accounts: z.number(),
  devices: z.number(),
  open: z.number(),
  closed: z.number(),
  members: z.number(),
});
const head = z.object({ position: z.number(), hash: z.string(), signature: z.string() });

/** Counts committed rows. While a tracker is writing, the numbers may come from slightly different moments. */
export async function readStats({ reader, file, isHeadSigned }: AdminHome): Promise<Stats> {
  const [row] = await reader.all(COUNTS);
  const { open, closed, ...numbers } = counts.parse(row);
  return {
    ...numbers,
    rooms: { open, closed },
    bytesOnDisk: (await sizeOf(file)) + (await sizeOf(`${file}-wal`)),
    eventsByType: await countTypes(reader),
    head: await readHead(reader, isHeadSigned),
    oldest: await timeAt(reader, 'ASC'),
    newest: await timeAt(reader, 'DESC'),
  };
}

async function countTypes(sql: Pick<Sql, 'all'>): Promise<Readonly<Record<string, number>>> {
  const rows = await sql.all(
    `SELECT ${bytes('type')} AS type, COUNT(*) AS events FROM events GROUP BY events.type ORDER BY 2 DESC, events.type`,
  );
  return Object.fromEntries(rows.map(decoded).map((row) => [String(row['type']), Number(row['events'])]));
}

async function readHead(sql: Pick<Sql, 'all'>, isHeadSigned: AdminHome['isHeadSigned']) {
  const parsed = head.safeParse(await readLogHead(sql));
  if (!parsed.success) return { position: 0, hash: '', isSigned: false };
  const { signature, ...at } = parsed.data;
  if (at.position === 0) return { ...at, isSigned: true };
  const [last] = await sql.all(`SELECT ${bytes('hash')} AS hash FROM events WHERE position = ?`, [
    at.position,
  ]);
  return {
    ...at,
    isSigned: isHeadSigned(at, signature) && last !== undefined && decoded(last)['hash'] === at.hash,
  };
}

async function timeAt(sql: Pick<Sql, 'all'>, order: 'ASC' | 'DESC'): Promise<string | null> {
  const [row]: readonly (Row | undefined)[] = await sql.all(
    `SELECT CAST(recorded_at AS INTEGER) AS at FROM events ORDER BY position ${order} LIMIT 1`,
  );
  return row === undefined ? null : timeText(Number(row['at']));
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return 0;
    throw error;
  }
}

const NAME_WIDTH = 20;

/** One line per fact. */
export function statsText(stats: Stats): readonly string[] {
  const { rooms, head: at } = stats;
  const signed = at.isSigned
    ? 'signed by the key of this tracker'
    : 'NOT signed by the key of this tracker, or not the last event';
  const facts: readonly (readonly [string, string])[] = [
    ['events', counted(stats.events)],
    ...Object.entries(stats.eventsByType).map(([type, count]) => [`  ${type}`, counted(count)] as const),
    ['streams', counted(stats.streams)],
    ['accounts', counted(stats.accounts)],
    ['devices', counted(stats.devices)],
    ['rooms', `${counted(rooms.open)} open, ${counted(rooms.closed)} closed`],
    ['members', counted(stats.members)],
    ['on disk', `${counted(stats.bytesOnDisk)} bytes`],
    ['oldest event', stats.oldest ?? 'none'],
    ['newest event', stats.newest ?? 'none'],
    ['head', `${counted(at.position)} ${at.hash}`],
    ['', signed],
  ];
  return facts.map(([name, value]) => sanitiseLine(`${name.padEnd(NAME_WIDTH)} ${value}`));
}
