// The states of rooms and accounts that were looked at recently, in memory. Their number is bounded. States of the same subject are
// read one after the other, so that a later reading finds the snapshots that an earlier one stored.
import { LRUCache } from 'lru-cache';
import type { Sql } from '../../../core/events/sql/sql.js';
import { versionAt } from '../../log/steps.js';
import type { AccountState, RoomState, StateReader } from '../../state/reader.js';

export interface RecentStates extends StateReader {
  /** The state if it is in memory. */
  knownRoom(stream: string, version: number): RoomState | undefined;
  knownAccount(stream: string, version: number): AccountState | undefined;
  versionAt(stream: string, position: number): Promise<number>;
}

const STATES_MAX = 1_000;

const keyOf = (stream: string, version: number): string => `${stream}/${version}`;

export function createRecentStates(sql: Pick<Sql, 'all'>, states: StateReader): RecentStates {
  const rooms = new LRUCache<string, RoomState>({ max: STATES_MAX });
  const accounts = new LRUCache<string, AccountState>({ max: STATES_MAX });
  const reading = new Map<string, Promise<unknown>>();

  async function at<State extends {}>(
    recent: LRUCache<string, State>,
    read: () => Promise<State>,
    stream: string,
    position: number,
  ): Promise<State> {
    const key = keyOf(stream, await versionAt(sql, stream, position));
    const known = recent.get(key);
    if (known !== undefined) return known;
    const before = reading.get(stream) ?? Promise.resolve();
    const state = before.then(async () => recent.get(key) ?? (await read()));
    // A failed reading is reported to its caller, and the next one starts all the same.
    const settled = state.then(
      () => undefined,
      () => undefined,
    );
    reading.set(stream, settled);
    try {
      const made = await state;
      recent.set(key, made);
      return made;
    } finally {
      if (reading.get(stream) === settled) reading.delete(stream);
    }
  }

  return {
    room: (stream, position) => at(rooms, () => states.room(stream, position), stream, position),
    account: (stream, position) => at(accounts, () => states.account(stream, position), stream, position),
    knownRoom: (stream, version) => rooms.get(keyOf(stream, version)),
    knownAccount: (stream, version) => accounts.get(keyOf(stream, version)),
    versionAt: (stream, position) => versionAt(sql, stream, position),
  };
}
