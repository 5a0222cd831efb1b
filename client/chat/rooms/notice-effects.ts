// The effects of changes that the tracker reports: on links, on messages that wait to be sent, and on what faces show.
import type { AccountId } from '../../../core/ids.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import type { Clock } from '../../../core/time/clock.js';
import type { Session } from '../../session/port.js';
import type { Conversations } from '../conversations.js';
import { explainableNotice } from '../diagnostics/explainable-notices.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell } from '../events.js';
import type { Outbox } from '../messages/outbox.js';
import type { Notifications } from '../notifications/notifications.js';
import { carrierConflict, type CarrierConflictParts } from '../peers/carrier-conflict.js';
import type { Introducer } from '../peers/introducer.js';
import type { Blocks } from '../people/blocks.js';
import type { People } from '../people/people.js';
import { shownNotice } from './notices.js';
import { membersOf, presentStay, wasRemovedLast } from './room.js';
import type { Rooms } from './rooms.js';
import type { StreamPositions } from './stream-positions.js';

export interface NoticeEffectsParts extends Pick<CarrierConflictParts, 'carrierChoices'> {
  readonly session: Pick<Session, 'identity' | 'called'>;
  readonly people: Pick<People, 'events' | 'nameOf'>;
  readonly blocks: Pick<Blocks, 'events'>;
  readonly streamPositions: Pick<StreamPositions, 'events'>;
  readonly rooms: Pick<Rooms, 'joinedBy'>;
  readonly conversations: Pick<Conversations, 'list' | 'partners' | 'labelOf'>;
  readonly outbox: Pick<Outbox, 'withdraw' | 'giveUp'>;
  readonly introducer: Pick<Introducer, 'introduceTo' | 'introduceToWanted' | 'prune'>;
  readonly notifications: Pick<Notifications, 'noticeShown'>;
  readonly why: Pick<Why, 'note'>;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Runs work that nothing waits for; logs `failure` if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
}

export function followNotices(parts: NoticeEffectsParts): void {
  const { session, people, blocks, streamPositions, rooms, conversations } = parts;
  const { outbox, introducer, notifications, why, clock, tell, run } = parts;
  const account = (): AccountId | null => session.identity?.account ?? null;
  const isOther = (one: AccountId): boolean => one !== account();

  const sharesConversation = (other: AccountId, me: AccountId): boolean =>
    conversations.partners().includes(other) ||
    rooms.joinedBy(me).some((room) => presentStay(room, other) !== undefined);

  /** Logins and logouts of this terminal itself need no notice; a logout by another terminal is reported by the session. */
  function isOfThisTerminal({ device }: Notice): boolean {
    const { identity } = session;
    return device !== undefined && (identity === null || device === identity.device);
  }

  streamPositions.events.on('room', async ({ update: { change, joined, left }, unmet }) => {
    const { room } = change;
    const me = account();
    await outbox.withdraw(room.conversation, left.filter(isOther));
    if (me !== null && left.includes(me) && wasRemovedLast(room, me)) {
      await outbox.giveUp(room.conversation, me, `You were removed from #${sanitiseLine(room.name)}.`);
    }
    const newcomers = me !== null && joined.includes(me) ? membersOf(room) : joined;
    const conflict = carrierConflict(parts, room.conversation, newcomers.filter(isOther));
    if (conflict !== null) {
      tell('warning', { type: 'CarrierConflict', peer: null, message: conflict, at: clock.now() });
    }
    const others = unmet.filter(isOther);
    if (others.length > 0) run(introducer.introduceTo(others), 'the introductions to members failed');
    await introducer.prune();
  });

  blocks.events.on('changed', async ({ blocked, unblocked }) => {
    for (const conversation of conversations.list()) await outbox.withdraw(conversation, blocked);
    await introducer.prune();
    if (unblocked.length > 0) {
      run(introducer.introduceToWanted('unlinked'), 'the introductions to unblocked people failed');
    }
  });

  // Shows the renamings of other people. The user's own renaming arrives as a notice.
  people.events.on('renamed', ({ account: renamed, username, formerly, namedAt, operatorsReason }) => {
    const me = account();
    if (me === null || !isOther(renamed) || !sharesConversation(renamed, me)) return;
    const cause =
      operatorsReason === null
        ? { by: username, reason: null }
        : ({ by: null, isByOperator: true, reason: operatorsReason } as const);
    tell('notice', {
      type: 'UsernameChanged',
      conversation: null,
      username,
      formerly,
      ...cause,
      at: namedAt,
    });
  });

  streamPositions.events.on('restored', ({ since }) => {
    const { username } = session.identity ?? {};
    if (username === undefined) return;
    tell('notice', {
      type: 'TrackerRestored',
      conversation: null,
      username: sanitiseLine(username),
      by: null,
      reason: null,
      at: since,
    });
  });

  streamPositions.events.on('notice', (notice) => {
    if (isOfThisTerminal(notice)) return;
    const shown = shownNotice(notice);
    tell('notice', shown);
    if (notice.type === 'UsernameChanged') {
      run(session.called(notice.subject.username), 'the new username was not stored');
    }
    notifications.noticeShown(notice, shown);
    const explainable = explainableNotice(notice, account());
    if (explainable !== null) why.note(explainable);
  });
}
