// A room as the tracker of these specs keeps it.
import type { AccountId } from '../../../../core/ids.js';
import type { ConversationId } from '../../../../core/protocol/message/message.js';
import type { Notice, Roster } from '../../../../core/protocol/signed/statements.js';

export interface TrackedRoom {
  readonly conversation: ConversationId;
  readonly name: string;
  version: number;
  members: Roster['members'];
  readonly notices: { readonly notice: Notice; readonly audience: readonly AccountId[] }[];
}
