// The mutes of this terminal: of conversations, and of people within one, each for a time or without end.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { History } from '../../history/port.js';
import type { Mute, MuteLevel } from '../../history/reading/read-state.js';

export interface Mutes {
  /** The mutes in force, oldest first. */
  list(): readonly Mute[];
  /** Resolves when the mute is on the disk. */
  mute(mute: Mute): Promise<void>;
  /** Resolves with false if it was not muted. */
  unmute(conversation: ConversationId, account: AccountId | null): Promise<boolean>;
}

export function createMutes(
  history: Pick<History, 'mute' | 'unmute'>,
  clock: Clock,
  known: readonly Mute[],
): Mutes {
  const mutes = new Map(known.map((mute) => [keyOf(mute), mute]));
  const isInForce = ({ until }: Mute): boolean => until === null || until > clock.now();
  return {
    list: () => [...mutes.values()].filter(isInForce),
    async mute(mute) {
      await history.mute(mute);
      mutes.set(keyOf(mute), mute);
    },
    async unmute(conversation, account) {
      const key = keyOf({ conversation, account });
      const before = mutes.get(key);
      await history.unmute(conversation, account);
      mutes.delete(key);
      return before !== undefined && isInForce(before);
    },
  };
}

/** The strictest level among the mutes of the conversation and those of `accounts` in it; null if nothing is muted. */
export function muteLevel(
  mutes: readonly Mute[],
  conversation: ConversationId | null,
  accounts: readonly AccountId[],
): MuteLevel | null {
  const levels = mutes
    .filter((mute) => mute.conversation === conversation)
    .filter(({ account }) => account === null || accounts.includes(account))
    .map(({ level }) => level);
  if (levels.includes('all')) return 'all';
  return levels.length > 0 ? 'mentions' : null;
}

const keyOf = ({ conversation, account }: Pick<Mute, 'conversation' | 'account'>): string =>
  `${conversation} ${account ?? ''}`;
