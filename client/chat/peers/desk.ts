// What a chat answers about itself: its links, what went wrong last, and which conversation is the current one.
import type { Clock } from '../../../core/time/clock.js';
import type { DeviceId } from '../../../core/ids.js';
import { statusOf } from '../../../core/protocol/status.js';
import type { History } from '../../history/port.js';
import type { CarrierChoices } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel, Outcome } from '../events.js';
import { outcome } from '../outcome.js';
import type { Peers } from './peers.js';
import type { People } from '../people/people.js';
import type { Pins } from '../trust/pins.js';

export interface DeskParts {
  readonly history: History;
  readonly conversations: Conversations;
  readonly peers: Peers;
  readonly people: People;
  readonly pins: Pick<Pins, 'get'>;
  readonly carrierChoices: Pick<CarrierChoices, 'towards'>;
  readonly clock: Clock;
  readonly device: () => DeviceId | null;
}

export interface Desk {
  links(): Promise<Outcome>;
  open(label: ConversationLabel): Promise<Outcome>;
}

export function createDesk(parts: DeskParts): Desk {
  const { history, conversations, peers, people, pins, carrierChoices, clock, device } = parts;
  return {
    async links() {
      const own = device();
      const pending = own === null ? null : await history.pendingCounts(own);
      const links = peers.list().map((peer) => ({
        peer: people.nameOf(peer.account),
        device: peer.device,
        link: peer.state === 'open' ? peer.carrier : null,
        choice: carrierChoices.towards(peer.account),
        verified: (pins.get(peer.device)?.verifiedAt ?? null) !== null,
        reason: peer.reason,
        attempts: peer.attempts.map(({ at, ...tried }) => ({ at: new Date(at).toISOString(), ...tried })),
        rttMs: peer.rttMs,
        loss: peer.loss,
        sentBytes: peer.sentBytes,
        receivedBytes: peer.receivedBytes,
        queued: pending?.get(peer.account) ?? 0,
        ageMs: Math.max(0, clock.now() - peer.since),
      }));
      const open = links.filter(({ link }) => link !== null).length;
      const message = `${open} of ${links.length} ${links.length === 1 ? 'link' : 'links'} open.`;
      return outcome(5, 'DONE', { message, data: { links } });
    },
    async open(label) {
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
      await conversations.setCurrent(conversation);
      const opened = conversations.labelOf(conversation);
      const message = `What you write goes to ${opened}.`;
      return outcome(5, 'DONE', { message, data: { conversation: opened } });
    },
  };
}
