// Names a terminal that has said two things under one number, for all to see: once for each conversation. It keeps neither.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Message } from '../../../core/protocol/message/message.js';
import type { Conversations } from '../conversations.js';
import { previewOf } from '../notifications/notification.js';
import type { Tell } from '../peers/peers.js';
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

/** Takes a message whose device has said something else under its number, which is kept. */
export function createEquivocationWarning(parts: EquivocationParts): (message: Message) => void {
  const named = new Set<string>();
  return ({ account, device, conversation, seq, text }) => {
    parts.log.warn({ device, conversation, seq }, 'two messages of one device have the same number');
    const matter = `${device} ${conversation}`;
    if (parts.isBlocked(account) || named.has(matter)) return;
    named.add(matter);
    const peer = parts.people.nameOf(account);
    const isOwn = account === parts.me();
    const whose = isOwn ? 'your own account' : peer;
    const reason =
      `A terminal of ${whose} has said two things under one number in ${parts.conversations.labelOf(conversation)}. ` +
      `What came here first stays; the other one is "${previewOf(text)}", and others may have that instead.`;
    const remedy = isOwn
      ? 'If you have put a profile back from a copy, /logout and /login there give it a new key. If not, somebody has its key: /devices revoke.'
      : `Ask ${peer}, not here, which one is theirs. Who has written neither should revoke that terminal with /devices revoke: somebody has its key.`;
    parts.why.note({ event: TYPE, by: peer, reason, remedy });
    parts.tell('warning', { type: TYPE, peer, message: `${reason} ${remedy}`, at: parts.clock.now() });
  };
}
