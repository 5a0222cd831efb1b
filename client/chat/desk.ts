// What a chat answers about itself: its links, what went wrong last, and which conversation is the current one.
import type { DeviceId } from '../../core/ids.js';
import { statusOf } from '../../core/protocol/status.js';
import type { History } from '../history/port.js';
import type { Conversations } from './conversations.js';
import type { ConversationLabel, Outcome } from './events.js';
import { outcome } from './outcome.js';
import type { Peers } from './peers.js';
import type { People } from './people.js';

export interface DeskParts {
  readonly history: History;
  readonly conversations: Conversations;
  readonly peers: Peers;
  readonly people: People;
  readonly device: () => DeviceId | null;
}

export interface Desk {
  links(): Promise<Outcome>;
  open(label: ConversationLabel): Outcome;
}

export function createDesk({ history, conversations, peers, people, device }: DeskParts): Desk {
  return {
    async links() {
      const own = device();
      const pending = own === null ? null : await history.pendingCounts(own);
      const links = peers.list().map(({ account, state, carrier, reason, rttMs }) => ({
        peer: people.nameOf(account),
        link: state === 'open' ? carrier : null,
        reason,
        rttMs,
        queued: pending?.get(account) ?? 0,
      }));
      const open = links.filter(({ link }) => link !== null).length;
      const message = `${open} of ${links.length} ${links.length === 1 ? 'link' : 'links'} open.`;
      return outcome(5, 'DONE', { message, data: { links } });
    },
    open(label) {
      const conversation = conversations.find(label);
      const name = label.slice(1);
      if (conversation === undefined && label.startsWith('@')) {
        const message = `There is no conversation with ${name} yet. Use /msg ${name}.`;
        return outcome(3, 'INVALID_COMMAND', { message });
      }
      if (conversation === undefined) {
        const { remedy } = statusOf(2, 'NOT_A_MEMBER');
        return outcome(2, 'NOT_A_MEMBER', { message: `You are not in the room "${name}". ${remedy}` });
      }
      conversations.setCurrent(conversation);
      const opened = conversations.labelOf(conversation);
      const message = `What you write goes to ${opened}.`;
      return outcome(5, 'DONE', { message, data: { conversation: opened } });
    },
  };
}
