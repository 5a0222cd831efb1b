// The reader of relayed messages: the account to which a terminal passes on messages of a conversation.
import type { AccountId } from '../../../core/ids.js';

export interface Reader {
  /** The version of the room at which the account's membership began; 0 in a private conversation. */
  readonly fromRoster: number;
  /** Null for another device of this terminal's account. */
  readonly account: AccountId | null;
}
