// The actions on links: list them, and choose the carrier of a conversation.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { History } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import { refusal, success } from '../outcome.js';
import type { People } from '../people/people.js';
import type { ChatActions } from '../port.js';
import type { Pins } from '../trust/pins.js';
import type { CarrierChoices } from './carrier-choice.js';
import type { CarrierControl } from './carrier-control.js';
import { nextTryOf } from './peer.js';
import type { Peers } from './peers.js';

export interface LinkActionsParts {
  readonly history: Pick<History, 'pendingCounts'>;
  readonly conversations: Pick<Conversations, 'current' | 'find' | 'labelOf'>;
  readonly peers: Pick<Peers, 'list'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly pins: Pick<Pins, 'get'>;
  readonly carrierChoices: Pick<CarrierChoices, 'towards' | 'overridden'>;
  readonly carrierControl: CarrierControl;
  readonly steadyClock: Clock;
  /** The device logged in at this terminal; null before a login. */
  readonly device: () => DeviceId | null;
}

export function createLinkActions(parts: LinkActionsParts): Pick<ChatActions, 'link' | 'links'> {
  const { history, conversations, peers, people, pins, carrierChoices, carrierControl, steadyClock, device } =
    parts;
  const overriddenFor = (account: AccountId): readonly string[] =>
    carrierChoices.overridden(account).map(({ conversation, choice }) => {
      const label = conversations.labelOf(conversation);
      return `${choice} was chosen for ${label}, but the choice for another conversation takes precedence, because one link carries both conversations.`;
    });

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
        reason: [peer.reason, nextTryOf(peer, steadyClock.now()), ...overriddenFor(peer.account)]
          .filter((sentence) => sentence !== null)
          .join(' '),
        attempts: peer.attempts.map(({ link, ...tried }) => ({ ...tried, carrier: link })),
        rttMs: peer.rttMs,
        loss: peer.loss,
        sentBytes: peer.sentBytes,
        receivedBytes: peer.receivedBytes,
        queued: pending?.get(peer.account) ?? 0,
        ageMs: Math.max(0, steadyClock.now() - peer.since),
      }));
      const open = links.filter(({ carrier }) => carrier !== null).length;
      const message = `${open} of ${links.length} ${links.length === 1 ? 'link' : 'links'} open.`;
      return success(5, 'DONE', { links }, message);
    },
    async link(label, choice) {
      const conversation = label === null ? conversations.current() : conversations.find(label);
      if (conversation === null) {
        const message = 'No conversation is open. Name one: /link auto|tcp|udp|relay CONVERSATION.';
        return refusal(5, 'INVALID_COMMAND', message);
      }
      if (conversation === undefined) {
        const message = `There is no conversation ${label} here. Join a room with /join ROOM, or write to a person with /msg USER.`;
        return refusal(5, 'INVALID_COMMAND', message);
      }
      const { message, unreached } = await carrierControl.choose(conversation, choice);
      const data = { conversation: conversations.labelOf(conversation), choice, unreached };
      return success(5, 'DONE', data, message);
    },
  };
}
