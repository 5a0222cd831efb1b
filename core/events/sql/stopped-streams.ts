// The streams that a follower of the log has stopped, because it could not read or handle one of their events. The
// follower handles every other stream, and continues a stopped one when the event can be handled.
import type { ReadSql } from './sql.js';
import { selectFrom, upsertInto } from './table.js';
import { stoppedStreams } from './tables.js';
import type { Writer } from './writer.js';

export interface StoppedStream {
  readonly stream: string;
  /** The version and position of the first event that was not handled. */
  readonly version: number;
  readonly position: number;
  /** Why the event was not handled, as one line. */
  readonly reason: string;
}

export interface StoppedStreams {
  load(follower: string): Promise<readonly StoppedStream[]>;
  /** Replaces an earlier entry for the stream. */
  stop(follower: string, stopped: StoppedStream): Promise<void>;
  /** Removes the entry of a stream that was continued. */
  resume(follower: string, stream: string): Promise<void>;
}

const row = stoppedStreams.row.omit({ follower: true });
const SELECT = `${selectFrom(stoppedStreams)} WHERE follower = ? ORDER BY position`;
const DELETE = 'DELETE FROM stopped_streams WHERE follower = ? AND stream = ?';

export function createSqlStoppedStreams(reads: ReadSql, writer: Writer): StoppedStreams {
  return {
    load: async (follower) => (await reads.all(SELECT, [follower])).map((found) => row.parse(found)),
    stop: (follower, stopped) =>
      writer.write(async (sql) => {
        await sql.run(...upsertInto(stoppedStreams, { follower, ...stopped }));
      }),
    resume: (follower, stream) =>
      writer.write(async (sql) => {
        await sql.run(DELETE, [follower, stream]);
      }),
  };
}
