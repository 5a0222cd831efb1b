// What a terminal missed: the rooms it is in now, and the notices since the versions it has.
import type { RecordedEvent } from '../../core/events/event.js';
import type { EventStore } from '../../core/events/store.js';
import type { AccountId } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import type { Directory } from '../projections/directory.js';
import type { MembershipRow } from '../projections/tables.js';
import { namesFor, signedNotice, subjectOf } from './notices.js';
import { signedRoster } from './rosters.js';

const SLICE_EVENTS = 200;

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
 * account was in it, or to it, and of its open invitations each time. Rooms that are not named in `versions` are told from the present membership on. A roster
 * comes with each present room that has something new or is not named; `more` says that not all of it has fitted.
 */
export async function catchUp(
  { directory, store, signing }: CatchUpParts,
  account: AccountId,
  versions: Readonly<Record<string, number>>,
): Promise<CaughtUp> {
  const budget = createBudget(limits.syncMaxBytes);
  const rosters: Signed[] = [];
  const notices: Signed[] = [];
  const present = new Set((await directory.membershipsOf(account)).map(({ room }) => room));

  const own = `account-${account}`;
  for await (const events of eventsOf(own, versions[own] ?? 0)) await tell(events);
  for (const conversation of new Set([...namedIn(versions), ...present])) {
    if (budget.isSpent()) break;
    let isKnown = versions[conversation] !== undefined;
    for await (const events of newsOf(conversation)) {
      await tell(events);
      if (events.length > 0) isKnown = false;
    }
    if (present.has(conversation) && !isKnown) await list(conversation);
  }
  for (const { room, version } of await directory.invitationsOf(account, limits.invitationsPerSync)) {
    if (!present.has(room)) await tell(await store.readStream(room, { fromVersion: version, limit: 1 }));
  }
  return { rosters, notices, more: budget.isSpent() };

  async function tell(events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const names = await namesFor(directory, events);
    for (const event of events) {
      if (budget.isSpent()) return;
      const notice = signedNotice(signing, event, names);
      if (notice !== null && budget.take(notice)) notices.push(notice);
    }
  }

  async function list(conversation: ConversationId): Promise<void> {
    const roster = await signedRoster(directory, signing, conversation);
    if (roster !== null && budget.take(roster)) rosters.push(roster);
  }

  /** The log is read only where there may be something for this account: anyone may name any room. */
  async function* newsOf(conversation: ConversationId): AsyncGenerator<readonly RecordedEvent[]> {
    const stays = await directory.stays(conversation, account);
    const last = stays.at(-1);
    const room = last && (await directory.room(conversation));
    if (!last || !room) return;
    const seen = versions[conversation] ?? last.joinedVersion - 1;
    const hasEnded = last.leftVersion !== null && last.leftVersion <= seen && room.isOpen;
    if (hasEnded || seen >= room.version) return;
    for await (const events of eventsOf(conversation, seen)) {
      yield events.filter(
        (event) => stays.some((stay) => covers(stay, event.version)) || subjectOf(event) === account,
      );
    }
  }

  /** The events of a stream after a version, some at a time, for as long as there is room for what they say. */
  async function* eventsOf(stream: string, after: number): AsyncGenerator<readonly RecordedEvent[]> {
    let version = after;
    while (!budget.isSpent()) {
      const events = await store.readStream(stream, { fromVersion: version + 1, limit: SLICE_EVENTS });
      const last = events.at(-1);
      if (last === undefined) return;
      yield events;
      if (events.length < SLICE_EVENTS) return;
      ({ version } = last);
    }
  }
}

const covers = ({ joinedVersion, leftVersion }: MembershipRow, version: number): boolean =>
  joinedVersion <= version && (leftVersion === null || version <= leftVersion);

const namedIn = (versions: Readonly<Record<string, number>>): readonly ConversationId[] =>
  Object.keys(versions).flatMap((stream) => conversationIdSchema.safeParse(stream).data ?? []);

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
