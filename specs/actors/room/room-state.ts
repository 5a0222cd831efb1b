// The state of a room machine in the form of the rulebook's state.
import type { SnapshotFrom } from 'xstate';
import type { roomMachine } from '../../../actors/room/machine.js';
import type { RoomState } from './rulebook.js';

export function roomStateOf({ value, context }: SnapshotFrom<typeof roomMachine>): RoomState {
  const { invited, banned } = context;
  return {
    ...context,
    phase: typeof value === 'string' ? value : value.open,
    invited: invited.toSorted(),
    banned: banned.toSorted(),
  };
}
