// A room's roster under the tracker's signature.
import type { SigningKey } from '../../core/keys.js';
import type { ConversationId } from '../../core/protocol/message.js';
import { type Signed, signStatement } from '../../core/protocol/signed.js';
import type { Roster } from '../../core/protocol/statements.js';
import type { Directory } from '../projections/directory.js';

/** The roster of a room as it stands; null if there is no such room. */
export async function signedRoster(
  directory: Directory,
  signing: SigningKey,
  conversation: ConversationId,
): Promise<Signed | null> {
  const room = await directory.room(conversation);
  if (room === null) return null;
  const members = await directory.members(conversation);
  const people = await directory.people(members.map(({ account }) => account));
  const roster = {
    v: 1,
    conversation,
    name: room.name,
    version: room.version,
    members: members.map(({ account, isAdmin, joinedVersion }) => ({
      account,
      username: people.get(account)?.username ?? '',
      isAdmin,
      joinedVersion,
    })),
  } as const satisfies Roster;
  return signStatement(signing, 'roster', roster);
}
