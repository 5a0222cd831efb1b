// What follows from a change that the tracker has told: for links, for what waits to be sent, and for what faces are told.
import type { AccountId } from '../../../core/ids.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import type { Session } from '../../session/port.js';
import type { Attention } from '../notifications/focus.js';
import type { Conversations } from '../conversations.js';
import type { Introducer } from '../peers/introducer.js';
import { shownNotice } from './notices.js';
import type { Outbox } from '../messages/outbox.js';
import type { Tell } from '../peers/peers.js';
import type { Renaming } from '../people/people.js';
import { presentStay } from './room.js';
import type { RoomUpdate, Rooms } from './rooms.js';
import { explainableNotice } from '../diagnostics/explainable-notices.js';
import type { Why } from '../diagnostics/why.js';

export interface NoticeEffectsParts {
  readonly session: Pick<Session, 'identity' | 'called'>;
  readonly rooms: Pick<Rooms, 'joinedBy'>;
  readonly conversations: Pick<Conversations, 'list' | 'partners'>;
  readonly outbox: Pick<Outbox, 'withdraw'>;
  readonly introducer: Pick<Introducer, 'introduceTo' | 'introduceToWanted' | 'prune'>;
  readonly attention: Pick<Attention, 'noticed'>;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
  /** Work that nobody waits for, and what is said if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
}

export interface NoticeEffects {
  onRoom(update: RoomUpdate, toMeet: readonly AccountId[]): Promise<void>;
  onBlocks(begun: readonly AccountId[], ended: readonly AccountId[]): Promise<void>;
  onRenamed(renaming: Renaming): void;
  onNotice(notice: Notice): void;
}

export function createNoticeEffects(parts: NoticeEffectsParts): NoticeEffects {
  const { session, rooms, conversations, outbox, introducer, attention, why, tell, run } = parts;
  const account = (): AccountId | null => session.identity?.account ?? null;
  const isOther = (one: AccountId): boolean => one !== account();

  /** Whether there is a conversation with both in it. */
  const isShared = (other: AccountId, me: AccountId): boolean =>
    conversations.partners().includes(other) ||
    rooms.joinedBy(me).some((room) => presentStay(room, other) !== undefined);

  /** Who has logged in here or out knows it, and whoever else has logged it out is told by the session. */
  function isOfThisTerminal({ device }: Notice): boolean {
    const { identity } = session;
    return device !== undefined && (identity === null || device === identity.device);
  }

  return {
    async onRoom({ change, gone }, toMeet) {
      await outbox.withdraw(change.room.conversation, gone.filter(isOther));
      const others = toMeet.filter(isOther);
      if (others.length > 0) run(introducer.introduceTo(others), 'members were not met');
      await introducer.prune();
    },
    /** What waits for somebody who is blocked is taken back, and the link goes. */
    async onBlocks(begun, ended) {
      for (const conversation of conversations.list()) await outbox.withdraw(conversation, begun);
      await introducer.prune();
      if (ended.length > 0)
        run(introducer.introduceToWanted('unlinked'), 'who is not blocked any more was not met');
    },
    /** One's own new name is a notice of one's own account. */
    onRenamed({ account: renamed, username, formerly, namedAt }) {
      const me = account();
      if (me === null || !isOther(renamed) || !isShared(renamed, me)) return;
      const who = { username, formerly, by: username };
      tell('notice', { type: 'UsernameChanged', conversation: null, ...who, reason: null, at: namedAt });
    },
    onNotice(notice) {
      if (isOfThisTerminal(notice)) return;
      const shown = shownNotice(notice);
      tell('notice', shown);
      if (notice.type === 'UsernameChanged') {
        run(session.called(notice.subject.username), 'the new name was not kept');
      }
      attention.noticed(notice, shown);
      const turn = explainableNotice(notice, account());
      if (turn !== null) why.note(turn);
    },
  };
}
