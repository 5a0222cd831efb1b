// A room's state in the words in which the rulebook tells its own.
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
