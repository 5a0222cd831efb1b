// Everything that a command needs to look at a log: its rows, the names and states at each moment, and single events.
import { OperatorError } from '../core/errors.js';
import type { LoggedEvent } from '../core/events/event.js';
import type { Sql } from '../core/events/sql/sql.js';
import { readEventsAt } from './log/events.js';
import { lastPosition, type Moment, positionAt, timeAt } from './moment.js';
import { createStateReader, type StateReader } from './state/reader.js';
import type { StateSnapshots } from './state/snapshots.js';
import { createNames, type Names } from './subject/names.js';
import { createResolver, type Resolver } from './subject/resolve.js';
import { timeText } from './text/time.js';

/** A position of the log and the time of its event, as commands show them. */
export interface Point {
  readonly position: number;
  /** ISO 8601 in UTC; null at position 0. */
  readonly time: string | null;
}

export interface Look {
  readonly sql: Pick<Sql, 'all'>;
  readonly names: Names;
  readonly resolver: Resolver;
  readonly states: StateReader;
  /** The position and time of a moment; default: now. Throws an `OperatorError` for a position beyond the end of the log. */
  pointAt(moment?: Moment): Promise<Point>;
  /** The position of the last event. */
  end(): Promise<number>;
  /** The events at some positions. Throws an `OperatorError` if the log lacks one. */
  events(positions: readonly number[]): Promise<(position: number) => LoggedEvent>;
}

/** @param snapshots see `createStateReader` */
export function createLook(sql: Pick<Sql, 'all'>, snapshots: StateSnapshots | null = null): Look {
  const names = createNames(sql);
  return {
    sql,
    names,
    resolver: createResolver(sql, names),
    states: createStateReader(sql, snapshots),
    async pointAt(moment = { kind: 'now' }) {
      const position = await positionAt(sql, moment);
      return { position, time: position === 0 ? null : timeText(await timeAt(sql, position)) };
    },
    end: () => lastPosition(sql),
    async events(positions) {
      const found = await readEventsAt(sql, positions);
      return (position) => {
        const event = found.get(position);
        if (event !== undefined) return event;
        throw new OperatorError(
          `the log has no event at position ${position}`,
          'Run `partyline admin verify` to find where the damage begins.',
        );
      };
    },
  };
}

export const pointOf = ({ position, recordedAt }: { position: number; recordedAt: number }): Point => ({
  position,
  time: timeText(recordedAt),
});

/** `position 12, 2026-01-31T12:00:00.000Z`. */
export const pointText = ({ position, time }: Point): string =>
  time === null ? `position ${position}, before the first event` : `position ${position}, ${time}`;
