// The search for the first moment at which a condition on a room or an account holds. It looks at each event that can change the state,
// because a condition may hold for a while and then no longer.
import { z } from 'zod';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { readStreamSteps } from '../log/steps.js';
import { type Look, type Point, pointOf } from '../look.js';
import { showAccount } from '../show/account.js';
import { showRoom } from '../show/room.js';
import { emptyState, stateAfter } from '../state/state.js';
import type { Subject } from '../subject/subject.js';
import type { Condition } from './condition.js';

/** A time during which the condition holds. `until` is the event that ended it; null if it holds at the end. */
export interface Period {
  readonly from: Point;
  readonly until: Point | null;
}

export interface Bisection {
  /** The number of moments at which the condition was tested. */
  readonly moments: number;
  /** The number of these moments at which the condition had no value. */
  readonly withoutValue: number;
  readonly periods: readonly Period[];
}

// The events that can change what `show` prints of an account: its own events, and in all rooms that it was ever in the events
// about it and the closing of the room.
const OF_ACCOUNT = `SELECT position, recorded_at AS "recordedAt" FROM events WHERE stream = ? AND position <= ?
  UNION SELECT e.position, e.recorded_at FROM memberships m JOIN events e ON e.stream = m.room
  WHERE m.account = ? AND e.position <= ?
    AND (e.type = 'RoomClosed' OR CASE WHEN json_valid(e.payload) THEN json_extract(e.payload, '$.account') END = m.account)
  ORDER BY position`;
const momentRow = z.object({ position: z.number(), recordedAt: z.number() });

/** @param upTo the last position to look at */
export async function bisect(
  look: Look,
  subject: Subject,
  condition: Condition,
  upTo: number,
): Promise<Bisection> {
  const periods: { from: Point; until: Point | null }[] = [];
  let moments = 0;
  let withoutValue = 0;
  for await (const { point, shown } of momentsOf(look, subject, upTo)) {
    const isMet = condition.isMet(shown);
    moments += 1;
    if (isMet === null) withoutValue += 1;
    const open = periods.at(-1)?.until === null ? periods.at(-1) : undefined;
    if (isMet === true && open === undefined) periods.push({ from: point, until: null });
    else if (isMet !== true && open !== undefined) open.until = point;
  }
  return { moments, withoutValue, periods };
}

interface Moment {
  readonly point: Point;
  readonly shown: object;
}

async function* momentsOf(look: Look, subject: Subject, upTo: number): AsyncGenerator<Moment, void> {
  if (subject.kind === 'account') {
    const { stream, id } = subject;
    for (const row of await look.sql.all(OF_ACCOUNT, [stream, upTo, id, upTo])) {
      const point = pointOf(momentRow.parse(row));
      yield { point, shown: await showAccount(look, subject, point) };
    }
    return;
  }
  // One fold for all moments: a state from the first event for each of them would take quadratic time.
  let state = emptyState(roomAggregate, subject.stream);
  const folded: Look = { ...look, states: { ...look.states, room: async () => state } };
  const part = { stream: subject.stream, afterVersion: 0, upTo };
  for await (const steps of readStreamSteps(look.sql, part)) {
    for (const step of steps) {
      state = stateAfter(state, step);
      const point = pointOf(step);
      yield { point, shown: await showRoom(folded, subject, point) };
    }
  }
}
