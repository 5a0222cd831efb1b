// Gets one's own messages to those they are for: hands them to links in order, and tells how far they have come.
import { type AccountId, commandIdSchema, type DeviceId, type Ids } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { makeRequest, type Response } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { History, Progress, Reach, StoredMessage } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import type { Delivery } from '../events.js';
import { writeFrame } from './wire.js';
import { createSendWindow, type SendWindow, type Outgoing } from './send-window.js';
import { outcomeOf, remedyOf } from '../outcome.js';
import type { Peer, Peers, Tell } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { Why } from '../diagnostics/why.js';

export interface OutboxParts {
  readonly history: History;
  readonly peers: Pick<Peers, 'open' | 'openOf' | 'get' | 'send'>;
  readonly device: () => DeviceId | null;
  readonly people: Pick<People, 'nameOf'>;
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly ids: Ids;
  readonly why: Why;
  readonly tell: Tell;
  readonly log: Log;
}

export interface Outbox {
  /** Sends a message just accepted to `recipients`, and a copy to one's own other devices. */
  post(stored: StoredMessage, recipients: readonly AccountId[]): void;
  opened(peer: Peer): void;
  restarted(peer: Peer): void;
  writable(peer: Peer): void;
  forgotten(device: DeviceId): void;
  /** A peer's answer to something sent. */
  answered(peer: Peer, response: Response): Promise<void>;
  /** These accounts are no recipients any more of what is said in the conversation. */
  withdraw(conversation: ConversationId, accounts: readonly AccountId[]): Promise<void>;
  /** How many messages wait for somebody; resolves when none is left or `timeoutMs` pass. */
  drained(timeoutMs: number): Promise<number>;
}

const ACCEPTED = 400;
const REFUSED = 401;

const progressOf = ({ id, position, message }: StoredMessage, reach: Reach): Progress => ({
  id,
  position,
  conversation: message.conversation,
  ...reach,
});

export function createOutbox(parts: OutboxParts): Outbox {
  const { history, peers, why, tell, log } = parts;
  const windows = new Map<DeviceId, SendWindow>();
  /** For which it is being looked what waits. */
  const filling = new Set<SendWindow>();
  /** Of which messages it has been told that they are on their way. */
  const sent = new Set<string>();
  const waiters = new Set<() => void>();

  function windowOf(device: DeviceId): SendWindow {
    const window = windows.get(device) ?? createSendWindow();
    windows.set(device, window);
    return window;
  }

  function outgoing({ message, proof }: StoredMessage, progress: Progress): Outgoing {
    const commandId = commandIdSchema.parse(parts.ids.next());
    const data = proof === null ? message : { ...message, proof };
    const bytes = writeFrame(makeRequest({ id: commandId, title: 'MESSAGE', data }));
    return { progress, commandId, bytes };
  }

  function tellProgress({ id, conversation, acked, of }: Progress): void {
    const isDone = acked === of;
    const state: Delivery['state'] = isDone ? 'delivered' : sent.has(id) ? 'sent' : 'queued';
    if (isDone) sent.delete(id);
    tell('delivery', { id, conversation: parts.conversations.labelOf(conversation), state, acked, of });
  }

  /** Hands on what the link takes now. */
  function drain(device: DeviceId, window: SendWindow): void {
    for (let next = window.next(); next !== undefined; next = window.next()) {
      if (peers.send(device, next.bytes) !== 'taken') return;
      window.handed();
      const { progress } = next;
      if (sent.has(progress.id)) continue;
      sent.add(progress.id);
      tellProgress(progress);
    }
  }

  function fill({ device, account }: Peer): void {
    const window = windowOf(device);
    drain(device, window);
    if (!window.wantsMore() || filling.has(window)) return;
    filling.add(window);
    lookFor(device, account, window).catch((error: unknown) => {
      log.error({ error, device }, 'the outbox cannot be read');
    });
  }

  async function lookFor(device: DeviceId, account: AccountId, window: SendWindow): Promise<void> {
    try {
      while (peers.get(device)?.state === 'open' && window.wantsMore()) {
        const own = parts.device();
        if (own === null) return;
        const found = window.beginCatchUp();
        const limit = window.reach();
        const waiting = await history.pending(own, account, limit);
        const next = waiting.filter(({ id }) => !window.holds(id));
        const far = await Promise.all(next.map(({ position }) => history.progress(position)));
        const ready = next.flatMap((stored, index) => {
          const reach = far[index] ?? null;
          return reach === null ? [] : [outgoing(stored, progressOf(stored, reach))];
        });
        found(ready, waiting.length < limit);
        drain(device, window);
      }
    } finally {
      filling.delete(window);
    }
  }

  function settled(before: Progress, reach: Reach | null): void {
    if (reach !== null) tellProgress({ ...before, ...reach });
    for (const look of waiters) look();
  }

  async function refused(peer: Peer, { id, position }: Progress, response: Response): Promise<Reach | null> {
    const { status, phrase, message } = outcomeOf(response);
    const name = parts.people.nameOf(peer.account);
    const reason = `The terminal of ${name} did not take a message: ${phrase}: ${message}`;
    log.warn({ id, device: peer.device, status, phrase }, 'a message was not taken');
    why.note({ event: phrase, by: name, reason, remedy: remedyOf({ status, phrase }) });
    const { device, carrier, state } = peer;
    tell('link', { peer: name, device, link: carrier, state, reason: sanitiseLine(reason) });
    return status === REFUSED
      ? history.settle(position, peer.account, 'refused')
      : history.progress(position);
  }

  async function countWaiting(): Promise<number> {
    const device = parts.device();
    return device === null ? 0 : history.waiting(device);
  }

  return {
    post(stored, recipients) {
      const { id, message } = stored;
      const progress = progressOf(stored, { acked: 0, of: recipients.length });
      tellProgress(progress);
      const next = outgoing(stored, progress);
      const wanted = new Set(recipients);
      for (const peer of peers.open()) {
        if (!wanted.has(peer.account)) continue;
        const window = windowOf(peer.device);
        // A look into the outbox that was under way may have found it there.
        if (window.holds(id)) continue;
        if (window.isCaughtUp() && window.queue(next)) {
          drain(peer.device, window);
        } else {
          window.fallBehind();
          fill(peer);
        }
      }
      for (const { device } of peers.openOf(message.account)) peers.send(device, next.bytes);
    },
    opened(peer) {
      windowOf(peer.device).reopen();
      fill(peer);
    },
    restarted(peer) {
      windowOf(peer.device).restart();
      fill(peer);
    },
    writable: fill,
    forgotten: (device) => void windows.delete(device),
    async answered(peer, response) {
      const window = windowOf(peer.device);
      const progress = window.answered(response.id);
      // A copy for one's own terminal, or an answer that comes after a restart: the message is sent again then.
      if (progress === undefined) return;
      const { id, position } = progress;
      try {
        if (response.status === ACCEPTED) {
          settled(progress, await history.settle(position, peer.account, 'delivered'));
        } else {
          if (response.status !== REFUSED) window.defer(id);
          settled(progress, await refused(peer, progress, response));
        }
      } finally {
        window.settled(id);
      }
      fill(peer);
    },
    async withdraw(conversation, accounts) {
      for (const account of accounts) {
        const open = peers.openOf(account);
        for (const { device } of open) windowOf(device).drop();
        for (const progress of await history.withdraw(conversation, account)) settled(progress, progress);
        open.forEach(fill);
      }
    },
    drained(timeoutMs) {
      return new Promise((resolve, reject) => {
        const end = (): void => {
          waiters.delete(look);
          clearTimeout(timer);
          countWaiting().then(resolve, reject);
        };
        // One look at a time: much may be settled while it lasts.
        let isLooking = false;
        let isDue = false;
        const look = (): void => {
          isDue = true;
          if (isLooking) return;
          isLooking = true;
          lookOn().catch(reject);
        };
        const lookOn = async (): Promise<void> => {
          while (isDue && waiters.has(look)) {
            isDue = false;
            if ((await countWaiting()) === 0) end();
          }
          isLooking = false;
        };
        const timer = setTimeout(end, timeoutMs);
        waiters.add(look);
        look();
      });
    },
  };
}
