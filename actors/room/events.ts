// What can have happened to a room. Its name is personal; evolving never reads it.
import type { AccountId } from '../../core/ids.js';

export type RoomEvent =
  /** The creator is its first member and admin. */
  | {
      readonly type: 'RoomCreated';
      readonly account: AccountId;
      readonly personal: { readonly name: string };
    }
  | { readonly type: 'MemberJoined'; readonly account: AccountId }
  | { readonly type: 'MemberLeft'; readonly account: AccountId }
  /** The last admin went, and the rules made this member admin. */
  | { readonly type: 'AdminSucceeded'; readonly account: AccountId; readonly after: AccountId }
  /** The last member went. */
  | { readonly type: 'RoomClosed'; readonly account: AccountId };
