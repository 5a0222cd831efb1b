// Warnings about equivocation: a device that signed two different messages with the same number. One warning for each device and
// conversation. Stores neither message.
import type { Tell } from '../events.js';
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Message } from '../../../core/protocol/message/message.js';
import type { Conversations } from '../conversations.js';
import { previewOf } from '../notifications/notification.js';
import type { People } from '../people/people.js';
import type { Why } from '../diagnostics/why.js';

const TYPE = 'Contradiction';

export interface EquivocationParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly people: Pick<People, 'nameOf'>;
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
  readonly clock: Clock;
  readonly log: Log;
}

/** Returns a function that warns of a device's second message with the same number. The first message stays stored. */
export function createEquivocationWarning(parts: EquivocationParts): (message: Message) => void {
  const warned = new Set<string>();
  return ({ account, device, conversation, seq, text }) => {
    parts.log.warn({ device, conversation, seq }, 'a device signed two messages with the same number');
    const key = `${device} ${conversation}`;
    if (parts.isBlocked(account) || warned.has(key)) return;
    warned.add(key);
    const peer = parts.people.nameOf(account);
    const isOwn = account === parts.me();
    const whose = isOwn ? 'your own account' : peer;
    const reason =
      `A terminal of ${whose} sent two different messages with the same number in ${parts.conversations.labelOf(conversation)}. ` +
      `This terminal keeps the first message. Others may have the second one: "${previewOf(text)}".`;
    const remedy = isOwn
      ? 'If you restored a profile from a copy, use /logout and /login there to give it a new key. Otherwise somebody else has its key: log the terminal out with /devices revoke.'
      : `Ask ${peer} by other means which message is genuine. If neither is, somebody else has the key of that terminal: ${peer} should log it out with /devices revoke.`;
    parts.why.note({ event: TYPE, by: peer, reason, remedy });
    parts.tell('warning', { type: TYPE, peer, message: `${reason} ${remedy}`, at: parts.clock.now() });
  };
}
