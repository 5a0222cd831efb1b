// The answer to a sync: the rosters of an account's rooms, and the notices since the versions that the terminal has.
import { isApplicable, type LoggedEvent, type RecordedEvent } from '../../core/events/event.js';
import type { EventStore } from '../../core/events/store.js';
import type { AccountId } from '../../core/ids.js';
import { isOfEvent, requireKnown } from '../../core/events/unhandled.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import { reasonOf } from '../../core/reason.js';
import { whyUnknown } from '../host.js';
import type { Directory } from '../projections/directory.js';
import type { MembershipRow } from '../projections/tables.js';
import { isNoticeable, namesFor, signedNotice, subjectOf } from './notices.js';
import { signedRoster } from './rosters.js';

const SLICE_EVENTS = 200;

export interface CatchUpParts {
  readonly directory: Directory;
  readonly store: EventStore;
  readonly signing: SigningKey;
  readonly log: Log;
}

export interface CaughtUp {
  readonly rosters: readonly Signed[];
  readonly notices: readonly Signed[];
  readonly more: boolean;
}

/**
 * Collects the notices that an account may see: a room's events during the account's memberships, a room's events about the
 * account, and, in every answer, its open invitations. For a room that is missing from `versions`, only the current membership
 * counts. The answer has the roster of each current room that has news or is missing from `versions`. `more` means that not
 * everything fitted.
 */
export async function catchUp(
  { directory, store, signing, log }: CatchUpParts,
  account: AccountId,
  versions: Readonly<Record<string, number>>,
): Promise<CaughtUp> {
  const budget = createBudget(limits.syncMaxBytes);
  const rosters: Signed[] = [];
  const notices: Signed[] = [];
  const present = new Set((await directory.membershipsOf(account)).map(({ room }) => room));

  const own = `account-${account}`;
  await unlessUnreadable(own, async () => {
    for await (const events of eventsOf(own, versions[own] ?? 0)) await tell(events);
  });
  for (const conversation of new Set([...namedIn(versions), ...present])) {
    if (budget.isSpent()) break;
    let isKnown = versions[conversation] !== undefined;
    await unlessUnreadable(conversation, async () => {
      for await (const events of newsOf(conversation)) {
        if (events.length > 0) isKnown = false;
        await tell(events);
      }
    });
    if (present.has(conversation) && !isKnown) await list(conversation);
  }
  for (const { room, version } of await directory.invitationsOf(account, limits.invitationsPerSync)) {
    if (present.has(room)) continue;
    await unlessUnreadable(room, async () =>
      tell(await store.readStream(room, { fromVersion: version, limit: 1 })),
    );
  }
  return { rosters, notices, more: budget.isSpent() };

  /**
   * Collects from one stream. At an event that this version cannot read, the rest of the stream is skipped; the answer still
   * covers the other streams.
   */
  async function unlessUnreadable(stream: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!isOfEvent(thrown)) throw thrown;
      log.warn(
        { stream, reason: reasonOf(thrown) },
        'a stream ends early in a sync: an event cannot be read',
      );
    }
  }

  async function tell(logged: readonly LoggedEvent[]): Promise<void> {
    const events = logged.filter(isApplicable);
    const known = knownPartOf(events);
    await collect(known);
    const [unknown] = events.slice(known.length);
    if (unknown !== undefined) requireKnown(unknown, whyUnknown);
  }

  async function collect(known: readonly RecordedEvent[]): Promise<void> {
    const events = known.filter(isNoticeable);
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

  /** Reads the log only if there may be news for this account, because a request may name any room. */
  async function* newsOf(conversation: ConversationId): AsyncGenerator<readonly LoggedEvent[]> {
    const stays = await directory.stays(conversation, account);
    const last = stays.at(-1);
    const room = last && (await directory.room(conversation));
    if (!last || !room) return;
    const seen = versions[conversation] ?? last.joinedVersion - 1;
    const hasEnded = last.leftVersion !== null && last.leftVersion <= seen && room.isOpen;
    if (hasEnded || seen >= room.version) return;
    for await (const events of eventsOf(conversation, seen)) {
      yield events.filter(
        (event) =>
          stays.some((stay) => covers(stay, event.version)) ||
          (isApplicable(event) && subjectOf(event) === account),
      );
    }
  }

  /** The events of a stream after a version, in slices, until the budget is spent. */
  async function* eventsOf(stream: string, after: number): AsyncGenerator<readonly LoggedEvent[]> {
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

/** The events before the first event that this version does not know. */
function knownPartOf(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const end = events.findIndex((event) => whyUnknown(event) !== null);
  return end === -1 ? events : events.slice(0, end);
}

const covers = ({ joinedVersion, leftVersion }: MembershipRow, version: number): boolean =>
  joinedVersion <= version && (leftVersion === null || version <= leftVersion);

const namedIn = (versions: Readonly<Record<string, number>>): readonly ConversationId[] =>
  Object.keys(versions).flatMap((stream) => conversationIdSchema.safeParse(stream).data ?? []);

interface Budget {
  /** Whether the statement fits. After the first statement that does not fit, no other fits. */
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
