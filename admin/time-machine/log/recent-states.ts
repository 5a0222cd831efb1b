// The states of rooms and accounts that were read recently, in memory: a later state is folded from an earlier one. Their number is
// bounded. States of the same subject are read one after the other, so that each reading finds what the one before it has stored.
import { LRUCache } from 'lru-cache';
import type { AnyStateMachine } from 'xstate';
import type { Sql } from '../../../core/events/sql/sql.js';
import { readStreamSteps, versionAt } from '../../log/steps.js';
import type { AccountState, RoomState, StateReader } from '../../state/reader.js';
import { type SubjectState, stateAfter } from '../../state/state.js';

export interface RecentStates extends StateReader {
  /** The state if it is in memory. */
  knownRoom(stream: string, version: number): RoomState | undefined;
  knownAccount(stream: string, version: number): AccountState | undefined;
  versionAt(stream: string, position: number): Promise<number>;
}

const STREAMS_MAX = 400;
const VERSIONS_MAX = 5_000;
/** The states of one stream, at different versions. */
const STATES_MAX = 8;
/** The states on the disk are this far apart, so that a fold from farther away is no gain. */
const NEAR_EVENTS = 1_000;

type Recent<State> = LRUCache<string, readonly State[]>;

export function createRecentStates(sql: Pick<Sql, 'all'>, states: StateReader): RecentStates {
  const rooms: Recent<RoomState> = new LRUCache({ max: STREAMS_MAX });
  const accounts: Recent<AccountState> = new LRUCache({ max: STREAMS_MAX });
  /** The log only grows, so the version at a position stays. */
  const versions = new LRUCache<string, number>({ max: VERSIONS_MAX });
  const reading = new Map<string, Promise<unknown>>();

  async function versionOf(stream: string, position: number): Promise<number> {
    const key = `${stream}@${position}`;
    const version = versions.get(key) ?? (await versionAt(sql, stream, position));
    versions.set(key, version);
    return version;
  }

  async function at<Machine extends AnyStateMachine>(
    recent: Recent<SubjectState<Machine>>,
    read: () => Promise<SubjectState<Machine>>,
    stream: string,
    position: number,
  ): Promise<SubjectState<Machine>> {
    const version = await versionOf(stream, position);
    const known = knownIn(recent, stream, version);
    if (known !== undefined) return known;
    const before = reading.get(stream) ?? Promise.resolve();
    const state = before.then(
      async () =>
        knownIn(recent, stream, version) ??
        (await folded(recent, stream, version, position)) ??
        (await read()),
    );
    // A failed reading is reported to its caller, and does not prevent the next reading.
    const settled = state.then(
      () => undefined,
      () => undefined,
    );
    reading.set(stream, settled);
    try {
      const made = await state;
      const others = (recent.get(stream) ?? []).filter((one) => one.version !== made.version);
      recent.set(stream, [...others, made].slice(-STATES_MAX));
      return made;
    } finally {
      if (reading.get(stream) === settled) reading.delete(stream);
    }
  }

  /** The state folded from the nearest earlier one in memory; null if no such state is near. */
  async function folded<Machine extends AnyStateMachine>(
    recent: Recent<SubjectState<Machine>>,
    stream: string,
    version: number,
    position: number,
  ): Promise<SubjectState<Machine> | null> {
    const earlier = (recent.get(stream) ?? []).filter(
      (one) => one.version < version && version - one.version < NEAR_EVENTS,
    );
    const [nearest] = earlier.toSorted((one, other) => other.version - one.version);
    if (nearest === undefined) return null;
    let state = nearest;
    const part = { stream, afterVersion: nearest.version, upTo: position };
    for await (const steps of readStreamSteps(sql, part)) {
      for (const step of steps) state = stateAfter(state, step);
    }
    return state;
  }

  return {
    room: (stream, position) => at(rooms, () => states.room(stream, position), stream, position),
    account: (stream, position) => at(accounts, () => states.account(stream, position), stream, position),
    // Few and short: they are not kept.
    integration: (stream, position) => states.integration(stream, position),
    knownRoom: (stream, version) => knownIn(rooms, stream, version),
    knownAccount: (stream, version) => knownIn(accounts, stream, version),
    versionAt: versionOf,
  };
}

const knownIn = <State extends { readonly version: number }>(
  recent: Recent<State>,
  stream: string,
  version: number,
): State | undefined => recent.get(stream)?.find((one) => one.version === version);
