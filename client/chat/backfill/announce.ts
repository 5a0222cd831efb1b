// Announcements that tell peers which messages this terminal has. A peer gets them when its link opens, and again within 10 s
// after a message was stored.
import { commandIdSchema, type Ids } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import type { History } from '../../history/port.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { Access } from './access.js';
import type { Compare } from './compare.js';
import { writeDevices } from './device-list.js';

export interface AnnounceParts {
  readonly history: Pick<History, 'relayableRanges'>;
  readonly access: Access;
  readonly compare: Pick<Compare, 'checksums'>;
  readonly peers: Pick<Peers, 'send' | 'open'>;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Announce {
  /** Announces to one peer everything shared with it. */
  toPeer(peer: Peer): void;
  /** Announces one conversation to every linked peer. */
  toAll(conversation: ConversationId): void;
  /** Notes that a message was stored in the conversation. The conversation is announced to every linked peer within 10 s. */
  later(conversation: ConversationId): void;
  close(): void;
}

/** The interval between announcements of newly stored messages. A peer can miss a message although its link stays open. */
const INTERVAL_MS = 10_000;

export function createAnnounce(parts: AnnounceParts): Announce {
  const { history, access, compare, peers, log } = parts;
  const changed = new Set<ConversationId>();

  function announce(peer: Peer, conversations: readonly ConversationId[]): void {
    Promise.all(conversations.map((conversation) => have(peer, conversation))).catch((error: unknown) => {
      log.error({ error, device: peer.device }, 'the stored messages cannot be announced');
    });
  }

  async function have(peer: Peer, conversation: ConversationId): Promise<void> {
    const reader = access.readerOf(conversation, peer.account);
    if (reader === null) return;
    const offered = await history.relayableRanges(conversation, reader);
    const devices = writeDevices(offered);
    if (devices.length === 0) return;
    const sums = await compare.checksums(conversation, offered);
    const data = { operation: 'HAVE', conversation, devices, sums };
    const request = makeRequest({ id: commandIdSchema.parse(parts.ids.next()), title: 'History', data });
    // If the link has no space for the announcement, the conversation is announced again after the interval.
    if (peers.send(peer.device, request) !== 'taken') changed.add(conversation);
  }

  function toAll(conversations: readonly ConversationId[]): void {
    for (const peer of peers.open()) announce(peer, conversations);
  }

  const end = every(parts.schedule, INTERVAL_MS, () => {
    const conversations = [...changed];
    changed.clear();
    toAll(conversations);
  });

  return {
    toPeer: (peer) => announce(peer, access.conversationsWith(peer.account)),
    toAll: (conversation) => toAll([conversation]),
    later: (conversation) => void changed.add(conversation),
    close: end,
  };
}
