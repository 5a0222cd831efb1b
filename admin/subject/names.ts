// The names of accounts and rooms at every moment, read from the log.
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { streamOf } from '../../core/actor/aggregate.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import { lastPosition } from '../moment.js';

/** The name of an account or room from a position on. */
export interface Naming {
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  /** Null if the name was redacted. */
  readonly name: string | null;
}

export interface Names {
  /** All names of a stream, oldest first. Empty if the log does not have the stream. */
  ofStream(stream: string): Promise<readonly Naming[]>;
  /** The name of an account at a position; null if it has no name at that position or the name was redacted. */
  ofAccount(account: string, position: number): Promise<string | null>;
  /** As `ofAccount`, for the stream of a room. */
  ofRoom(room: string, position: number): Promise<string | null>;
  /** The name of a stream at a position as `#lobby` or `@alice`; null in the same cases as `ofAccount`. */
  ofStreamAt(stream: string, position: number): Promise<string | null>;
}

// Limits the memory, whatever the number of accounts.
const MAX_CACHED_STREAMS = 10_000;

const SELECT = `SELECT position, recorded_at AS "recordedAt", ${bytes('personal')} AS personal FROM events
  WHERE stream = ? AND type IN ('AccountRegistered', 'UsernameChanged', 'RoomCreated') ORDER BY version LIMIT ?`;
// Rooms are never renamed. Without this limit all events of a room are read.
const ROOM_NAMES = 1;
const NO_LIMIT = -1;

const namingRow = z.object({
  position: z.number(),
  recordedAt: z.number(),
  personal: z.string().nullable(),
});
const named = z.union([
  z.object({ username: z.string() }).transform(({ username }) => username),
  z.object({ name: z.string() }).transform(({ name }) => name),
]);

export function createNames(sql: Pick<Sql, 'all'>): Names {
  const cache = new LRUCache<string, { readonly namings: readonly Naming[]; readonly upTo: number }>({
    max: MAX_CACHED_STREAMS,
  });

  /** All names of a stream up to the end of the log, which is at `position` or later. */
  async function namingsOf(stream: string, position: number): Promise<readonly Naming[]> {
    const cached = cache.get(stream);
    if (cached !== undefined && cached.upTo >= position) return cached.namings;
    const upTo = await lastPosition(sql);
    const rows = await sql.all(SELECT, [stream, stream.startsWith('room-') ? ROOM_NAMES : NO_LIMIT]);
    const namings = rows.map((row) => namingOf(decoded(row)));
    cache.set(stream, { namings, upTo });
    return namings;
  }

  async function nameAt(stream: string, position: number): Promise<string | null> {
    const namings = await namingsOf(stream, position);
    return namings.findLast((naming) => naming.position <= position)?.name ?? null;
  }

  return {
    ofStream: async (stream) => namingsOf(stream, await lastPosition(sql)),
    ofAccount: (account, position) => nameAt(streamOf('account', account), position),
    ofRoom: nameAt,
    async ofStreamAt(stream, position) {
      const name = await nameAt(stream, position);
      return name === null ? null : `${stream.startsWith('room-') ? '#' : '@'}${name}`;
    },
  };
}

/** A damaged personal part counts as redacted; `verify` reports it. */
function namingOf(row: unknown): Naming {
  const { position, recordedAt, personal } = namingRow.parse(row);
  return { position, recordedAt, name: personal === null ? null : nameIn(personal) };
}

function nameIn(personal: string): string | null {
  try {
    return named.parse(JSON.parse(personal));
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof z.ZodError) return null;
    throw thrown;
  }
}
