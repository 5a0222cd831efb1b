// What can be asked of a room. Facts that the room cannot know itself come with the command; its name is personal, and
// the log's record of the command leaves it out.
import type { AccountId } from '../../core/ids.js';

interface Entering {
  readonly account: AccountId;
  /** How many rooms the account is in already. */
  readonly roomsOfAccount: number;
}

export type RoomCommand =
  | ({ readonly type: 'CreateRoom'; readonly personal: { readonly name: string } } & Entering)
  | ({ readonly type: 'JoinRoom' } & Entering)
  | { readonly type: 'LeaveRoom'; readonly account: AccountId };
