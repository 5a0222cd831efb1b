// What a terminal missed: the rooms it is in now, and the notices since the versions it has.
import type { RecordedEvent } from '../../core/events/event.js';
import type { EventStore } from '../../core/events/store.js';
import type { AccountId } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message.js';
import type { Signed } from '../../core/protocol/signed.js';
import type { Directory } from '../projections/directory.js';
import { signedNotice, subjectOf } from './notices.js';
import { signedRoster } from './rosters.js';

export interface CatchUpParts {
  readonly directory: Directory;
  readonly store: EventStore;
  readonly signing: SigningKey;
}

export interface CaughtUp {
  readonly rosters: readonly Signed[];
  readonly notices: readonly Signed[];
  readonly more: boolean;
}

/**
 * Answers for one account. Of a stream it may not see it tells nothing: of a room only what happened while the
 * account was in it, or to it. Streams that are not named in `versions` are told from the present membership on.
 */
export async function catchUp(
  { directory, store, signing }: CatchUpParts,
  account: AccountId,
  versions: Readonly<Record<string, number>>,
): Promise<CaughtUp> {
  const memberships = await directory.membershipsOf(account);
  const present = new Set<string>(memberships.map(({ room }) => room));
  const named = Object.keys(versions).filter((stream) => conversationIdSchema.safeParse(stream).success);
  const budget = createBudget(limits.syncMaxBytes);
  const rosters: Signed[] = [];
  const notices: Signed[] = [];

  const tell = async (event: RecordedEvent): Promise<void> => {
    const notice = await signedNotice(directory, signing, event);
    if (notice !== null && budget.take(notice)) notices.push(notice);
  };

  const own = `account-${account}`;
  for (const event of await store.readStream(own, { fromVersion: (versions[own] ?? 0) + 1 }))
    await tell(event);

  for (const stream of new Set([...named, ...present])) {
    if (budget.isSpent()) break;
    const room = conversationIdSchema.parse(stream);
    const seen = versions[room] ?? (await firstVersion(room));
    const events = await store.readStream(room, { fromVersion: seen + 1 });
    const stays = await directory.stays(room, account);
    for (const event of events) {
      const concernsThem = stays.some(
        ({ joinedVersion, leftVersion }) =>
          joinedVersion <= event.version && event.version <= (leftVersion ?? event.version),
      );
      if (concernsThem || subjectOf(event) === account) await tell(event);
    }
    if (!present.has(room) || (events.length === 0 && versions[room] !== undefined)) continue;
    const roster = await signedRoster(directory, signing, room);
    if (roster !== null && budget.take(roster)) rosters.push(roster);
  }
  return { rosters, notices, more: budget.isSpent() };

  async function firstVersion(room: ConversationId): Promise<number> {
    const stays = await directory.stays(room, account);
    return (stays.at(-1)?.joinedVersion ?? 1) - 1;
  }
}

interface Budget {
  /** Whether it still fits; once something does not, nothing more does. */
  take(statement: Signed): boolean;
  isSpent(): boolean;
}

function createBudget(maxBytes: number): Budget {
  let left = maxBytes;
  return {
    take({ body, signature }) {
      left -= Buffer.byteLength(body) + signature.length;
      return left >= 0;
    },
    isSpent: () => left < 0,
  };
}
