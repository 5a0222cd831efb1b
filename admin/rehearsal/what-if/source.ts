// The reads of the real history that a what-if needs, all bounded by a position.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { addressOf } from '../../../core/actor/aggregate.js';
import { bytes, decoded } from '../../../core/events/verification/log-reader.js';
import type { ReservationChange } from '../../../core/events/store.js';
import { type CommandStep, type RecordedCommand, readCommands } from '../../log/commands.js';
import { jsonObjectOf } from '../../log/steps.js';
import type { Look } from '../../look.js';
import { aggregateOf } from '../../state/aggregates.js';
import { stateOf } from '../../state/reader.js';
import { emptyState, type MachineState } from '../../state/state.js';
import { OperatorError } from '../../../core/errors.js';
import { reservationsOf } from './unique-names.js';

export interface History {
  /** The recorded commands with an event after a position, in order and with names and texts. */
  commands(after: number): AsyncIterable<readonly RecordedCommand[]>;
  /** The position of the first event of the command that recorded the event at a position. */
  commandStart(position: number): Promise<number>;
  /** The state of a stream before the event at a position. Null if this version cannot give it. */
  stateBefore(stream: string, position: number): Promise<MachineState | null>;
  /** The topic of a room before the event at a position: empty if it has none, null if it was redacted. */
  topicBefore(room: string, position: number): Promise<string | null>;
  /** The streams of the rooms that an account is in before the event at a position. */
  roomsBefore(account: string, position: number): Promise<readonly string[]>;
  /** The name of a room or account before the event at a position; null if it has none or it was redacted. */
  nameBefore(stream: string, position: number): Promise<string | null>;
  /** The claims and releases of unique names by the events before a position, in order. */
  claimsBefore(
    position: number,
  ): AsyncIterable<{ readonly changes: readonly ReservationChange[]; readonly recordedAt: number }>;
}

const CLAIMING = [
  'AccountRegistered',
  'UsernameChanged',
  'DeviceEnrolled',
  'DeviceRevoked',
  'RoomCreated',
  'RoomClosed',
];
const CLAIMS = `SELECT position, recorded_at AS "recordedAt", ${bytes('stream')} AS stream, ${bytes('type')} AS type,
  ${bytes('payload')} AS payload, ${bytes('personal')} AS personal FROM events
  WHERE position > ? AND position < ? AND type IN (${CLAIMING.map((type) => `'${type}'`).join(', ')})
  ORDER BY position LIMIT 1000`;
const TOPIC = `SELECT ${bytes('personal')} AS personal FROM events
  WHERE stream = ? AND type = 'TopicChanged' AND position < ? ORDER BY version DESC LIMIT 1`;
// The derived tables are an index: they keep every stay. The log then says when it began and ended.
const ROOMS = `SELECT ${bytes('m.room')} AS room FROM memberships m
  JOIN events joined ON joined.stream = m.room AND joined.version = m.joined_version
  LEFT JOIN events gone ON gone.stream = m.room AND gone.version = m.left_version
  WHERE m.account = ? AND joined.position < ? AND (gone.position IS NULL OR gone.position >= ?)
  ORDER BY joined.position`;

const ORIGIN = `SELECT ${bytes('stream')} AS stream, ${bytes('metadata')} AS metadata FROM events WHERE position = ?`;

const claimRow = z.object({
  position: z.number(),
  recordedAt: z.number(),
  stream: z.string(),
  type: z.string(),
  payload: z.string(),
  personal: z.string().nullable(),
});
const topicRow = z.object({ personal: z.string().nullable() });
const withTopic = z.object({ topic: z.string() });
const roomRow = z.object({ room: z.string() });

/** @param upTo the position of the last event to read */
export function createHistory({ sql, states, names }: Look, upTo: number): History {
  return {
    commands: (after) => readCommands(sql, { after, upTo, withPersonal: true }),
    async commandStart(position) {
      const [at] = await sql.all(ORIGIN, [position]);
      if (at === undefined) return position;
      let start = position;
      for (let before = start - 1; ; before -= 1) {
        const [row] = await sql.all(ORIGIN, [before]);
        if (row === undefined || !isDeepStrictEqual(decoded(row), decoded(at))) return start;
        start = before;
      }
    },
    async stateBefore(stream, position) {
      const aggregate = aggregateOf(stream);
      if (aggregate === null) return null;
      try {
        const state = await stateOf(states, stream, position - 1);
        return state.version === 0 ? emptyState(aggregate, stream) : { ...state, aggregate };
      } catch (thrown) {
        if (thrown instanceof OperatorError) return null;
        throw thrown;
      }
    },
    async topicBefore(room, position) {
      const [row] = await sql.all(TOPIC, [room, position]);
      if (row === undefined) return '';
      const { personal } = topicRow.parse(decoded(row));
      return withTopic.safeParse(personal === null ? null : jsonObjectOf(personal)).data?.topic ?? null;
    },
    async roomsBefore(account, position) {
      const rows = await sql.all(ROOMS, [account, position, position]);
      return rows.map((row) => roomRow.parse(decoded(row)).room);
    },
    async nameBefore(stream, position) {
      const name = await names.ofStreamAt(stream, position - 1);
      // The first character says the kind.
      return name === null ? null : name.slice(1);
    },
    async *claimsBefore(position) {
      for (let after = 0; ; ) {
        const rows = await sql.all(CLAIMS, [after, position]);
        for (const row of rows) {
          const claim = claimRow.parse(decoded(row));
          after = claim.position;
          const changes = claimOf(claim);
          if (changes.length > 0) yield { changes, recordedAt: claim.recordedAt };
        }
        if (rows.length === 0) return;
      }
    },
  };
}

function claimOf({
  stream,
  type,
  payload,
  personal,
}: z.infer<typeof claimRow>): readonly ReservationChange[] {
  const aggregate = aggregateOf(stream);
  const fields = jsonObjectOf(payload);
  const id = addressOf(stream)?.id;
  // An event that cannot be read claims nothing.
  if (aggregate === null || fields === null || id === undefined) return [];
  if (!Object.hasOwn(aggregate.events, type)) return [];
  const texts = personal === null ? null : jsonObjectOf(personal);
  return reservationsOf(aggregate, { type, payload: fields }, texts, id);
}

/** The changes of unique names by recorded events. */
export const claimsOf = (steps: readonly CommandStep[]): readonly ReservationChange[] =>
  steps.flatMap((step) => {
    const aggregate = aggregateOf(step.stream);
    const id = addressOf(step.stream)?.id;
    if (aggregate === null || id === undefined || !Object.hasOwn(aggregate.events, step.type)) return [];
    return reservationsOf(aggregate, step, step.personal, id);
  });
