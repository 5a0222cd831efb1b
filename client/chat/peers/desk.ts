// The actions on what this terminal has: list its links, and open one of its conversations.
import type { Clock } from '../../../core/time/clock.js';
import type { DeviceId } from '../../../core/ids.js';
import { statusOf } from '../../../core/protocol/status.js';
import type { History } from '../../history/port.js';
import type { CarrierChoices } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import { refusal, success } from '../outcome.js';
import type { Peers } from './peers.js';
import type { People } from '../people/people.js';
import type { ChatActions } from '../port.js';
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

export type Desk = Pick<ChatActions, 'links' | 'open'>;

export function createDesk(parts: DeskParts): Desk {
  const { history, conversations, peers, people, pins, carrierChoices, clock, device } = parts;
  return {
    async links() {
      const own = device();
      const pending = own === null ? null : await history.pendingCounts(own);
      const links = peers.list().map((peer) => ({
        peer: people.nameOf(peer.account),
        device: peer.device,
        carrier: peer.state === 'open' ? peer.carrier : null,
        choice: carrierChoices.towards(peer.account),
        isVerified: (pins.get(peer.device)?.verifiedAt ?? null) !== null,
        reason: peer.reason,
        attempts: peer.attempts.map(({ link, ...tried }) => ({ ...tried, carrier: link })),
        rttMs: peer.rttMs,
        loss: peer.loss,
        sentBytes: peer.sentBytes,
        receivedBytes: peer.receivedBytes,
        queued: pending?.get(peer.account) ?? 0,
        ageMs: Math.max(0, clock.now() - peer.since),
      }));
      const open = links.filter(({ carrier }) => carrier !== null).length;
      const message = `${open} of ${links.length} ${links.length === 1 ? 'link' : 'links'} open.`;
      return success(5, 'DONE', { links }, message);
    },
    async open(label) {
      const conversation = conversations.find(label);
      const name = label.slice(1);
      if (conversation === undefined && label.startsWith('@')) {
        const message = `There is no conversation with ${name} yet. Use /msg ${name}.`;
        return refusal(3, 'INVALID_COMMAND', message);
      }
      if (conversation === undefined) {
        const { remedy } = statusOf(2, 'NOT_A_MEMBER');
        return refusal(2, 'NOT_A_MEMBER', `You are not in the room "${name}". ${remedy}`);
      }
      await conversations.setCurrent(conversation);
      const opened = conversations.labelOf(conversation);
      const message = `What you write goes to ${opened}.`;
      return success(5, 'DONE', { conversation: opened }, message);
    },
  };
}
