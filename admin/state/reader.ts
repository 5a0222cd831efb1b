// The reader of states: what a room, an account or an integration was at any position of the log.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnyStateMachine } from 'xstate';
import { type Aggregate, addressOf } from '../../core/actor/aggregate.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { accountAggregate } from '../../actors/account/aggregate.js';
import { integrationAggregate } from '../../actors/integration/aggregate.js';
import type { integrationMachine } from '../../actors/integration/machine.js';
import type { accountMachine } from '../../actors/account/machine.js';
import { roomAggregate } from '../../actors/room/aggregate.js';
import type { roomMachine } from '../../actors/room/machine.js';
import { readStreamSteps } from '../log/steps.js';
import type { StateSnapshots } from './snapshots.js';
import { emptyState, type SubjectState, stateAfter } from './state.js';

export type RoomState = SubjectState<typeof roomMachine>;
export type AccountState = SubjectState<typeof accountMachine>;
export type IntegrationState = SubjectState<typeof integrationMachine>;

export interface StateReader {
  /** The state of the room with this stream after all its events up to a position. */
  room(stream: string, position: number): Promise<RoomState>;
  account(stream: string, position: number): Promise<AccountState>;
  integration(stream: string, position: number): Promise<IntegrationState>;
}

/**
 * @param snapshots stored states, which make the reading of long streams fast; null: each state is folded from the first event
 */
export function createStateReader(sql: Pick<Sql, 'all'>, snapshots: StateSnapshots | null): StateReader {
  async function at<Machine extends AnyStateMachine>(
    aggregate: Aggregate<Machine>,
    stream: string,
    position: number,
  ): Promise<SubjectState<Machine>> {
    let state = (await snapshots?.load(aggregate, stream, position)) ?? emptyState(aggregate, stream);
    const part = { stream, afterVersion: state.version, upTo: position };
    const kept: SubjectState[] = [];
    for await (const steps of readStreamSteps(sql, part)) {
      for (const step of steps) {
        state = stateAfter(state, step);
        if (snapshots?.isKept(state.version) === true) kept.push(state);
      }
      // A long stream takes seconds, in which a view must still take keys.
      await nextTurn();
    }
    if (kept.length > 0) await snapshots?.store(kept);
    return state;
  }

  return {
    room: (stream, position) => at(roomAggregate, stream, position),
    account: (stream, position) => at(accountAggregate, stream, position),
    integration: (stream, position) => at(integrationAggregate, stream, position),
  };
}

/** The state of any stream. */
export function stateOf(states: StateReader, stream: string, position: number): Promise<SubjectState> {
  const kind = addressOf(stream)?.kind;
  if (kind === roomAggregate.kind) return states.room(stream, position);
  if (kind === integrationAggregate.kind) return states.integration(stream, position);
  return states.account(stream, position);
}
