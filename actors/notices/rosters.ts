// The signed roster of a room.
import type { SigningKey } from '../../core/keys.js';
import type { ConversationId } from '../../core/protocol/message/message.js';
import { type Signed, signStatement } from '../../core/protocol/signed/signed.js';
import type { Roster } from '../../core/protocol/signed/statements.js';
import type { Directory } from '../projections/directory.js';

/** The current roster of a room; null if the room does not exist. */
export async function signedRoster(
  directory: Directory,
  signing: SigningKey,
  conversation: ConversationId,
): Promise<Signed | null> {
  const roster = await directory.roster(conversation);
  return roster && signStatement(signing, 'roster', { v: 1, ...roster } satisfies Roster);
}
