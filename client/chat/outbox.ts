// Gets one's own messages to those they are for: hands them to links in order, and tells how far they have come.
import pLimit, { type LimitFunction } from 'p-limit';
import { type AccountId, type CommandId, commandIdSchema, type DeviceId, type Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import { makeRequest, type Response } from '../../core/protocol/envelope.js';
import type { ConversationId } from '../../core/protocol/message.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { History, Progress, StoredMessage } from '../history/port.js';
import type { Conversations } from './conversations.js';
import type { Delivery } from './events.js';
import { writeFrame } from './frames.js';
import { createLine, type Line, WINDOW } from './line.js';
import { outcomeOf, remedyOf } from './outcome.js';
import type { Peer, Peers, Tell } from './peers.js';
import type { People } from './people.js';
import type { Why } from './why.js';

export interface OutboxParts {
  readonly history: History;
  readonly peers: Pick<Peers, 'openOf' | 'get' | 'send'>;
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

/** The window is refilled when half of it is free: one look into the outbox for many messages. */
const REFILL_AT = WINDOW / 2;
const ACCEPTED = 400;
const REFUSED = 401;

interface Wire {
  readonly commandId: CommandId;
  readonly bytes: Buffer;
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { history, peers, why, tell, log } = parts;
  const lines = new Map<DeviceId, { readonly line: Line; readonly inTurn: LimitFunction }>();
  /** Of which messages it has been told that they are on their way. */
  const sent = new Set<string>();
  const waiters = new Set<() => void>();

  function lineOf(device: DeviceId) {
    const known = lines.get(device) ?? { line: createLine(), inTurn: pLimit(1) };
    lines.set(device, known);
    return known;
  }

  function wire({ message, proof }: StoredMessage): Wire {
    const commandId = commandIdSchema.parse(parts.ids.next());
    const data = proof === null ? message : { ...message, proof };
    return { commandId, bytes: writeFrame(makeRequest({ id: commandId, title: 'MESSAGE', data })) };
  }

  function tellProgress({ id, conversation, acked, of }: Progress): void {
    const isDone = acked === of;
    const state: Delivery['state'] = isDone ? 'delivered' : sent.has(id) ? 'sent' : 'queued';
    if (isDone) sent.delete(id);
    tell('delivery', { id, conversation: parts.conversations.labelOf(conversation), state, acked, of });
  }

  /** False if the link takes nothing more now. */
  function hand(device: DeviceId, line: Line, progress: Progress, { commandId, bytes }: Wire): boolean {
    if (peers.send(device, bytes) !== 'taken') return false;
    line.handed(commandId, progress.id);
    if (!sent.has(progress.id)) {
      sent.add(progress.id);
      tellProgress(progress);
    }
    return true;
  }

  function fill({ device, account }: Peer): void {
    const { line, inTurn } = lineOf(device);
    inTurn(() => fillNow(device, account, line)).catch((error: unknown) => {
      log.error({ error, device }, 'the outbox cannot be read');
    });
  }

  async function fillNow(device: DeviceId, account: AccountId, line: Line): Promise<void> {
    while (peers.get(device)?.state === 'open' && line.room() > 0) {
      const own = parts.device();
      if (own === null) return;
      const catchUp = line.beginCatchUp();
      const waiting = await history.pending(own, account, line.reach());
      const next = waiting.filter(({ id }) => !line.holds(id)).slice(0, line.room());
      if (next.length === 0) {
        catchUp();
        return;
      }
      const far = await Promise.all(next.map(({ id }) => history.progress(id)));
      for (const [index, stored] of next.entries()) {
        const progress = far[index] ?? null;
        if (progress !== null && !hand(device, line, progress, wire(stored))) return;
      }
    }
  }

  async function settled(progress: Progress | null): Promise<void> {
    if (progress !== null) tellProgress(progress);
    for (const look of waiters) look();
  }

  async function refused(peer: Peer, id: string, response: Response): Promise<Progress | null> {
    const { status, phrase, message } = outcomeOf(response);
    const name = parts.people.nameOf(peer.account);
    const reason = `The terminal of ${name} did not take a message: ${phrase}: ${message}`;
    log.warn({ id, device: peer.device, status, phrase }, 'a message was not taken');
    why.note({ event: phrase, by: name, reason, remedy: remedyOf({ status, phrase }) });
    tell('link', { peer: name, link: peer.carrier, state: peer.state, reason: sanitiseLine(reason) });
    return status === REFUSED ? history.settle(id, peer.account, 'refused') : history.progress(id);
  }

  async function countWaiting(): Promise<number> {
    const device = parts.device();
    return device === null ? 0 : history.waiting(device);
  }

  return {
    post(stored, recipients) {
      const { id, message } = stored;
      const progress = { id, conversation: message.conversation, acked: 0, of: recipients.length };
      tellProgress(progress);
      const outgoing = wire(stored);
      for (const peer of recipients.flatMap((account) => peers.openOf(account))) {
        const { line } = lineOf(peer.device);
        // A look into the outbox that was under way may have found it there.
        if (line.holds(id)) continue;
        const isNext = line.isCaughtUp() && line.room() > 0;
        if (isNext && hand(peer.device, line, progress, outgoing)) continue;
        line.fallBehind();
        fill(peer);
      }
      for (const { device } of peers.openOf(message.account)) peers.send(device, outgoing.bytes);
    },
    opened(peer) {
      lineOf(peer.device).line.reopen();
      fill(peer);
    },
    restarted(peer) {
      lineOf(peer.device).line.restart();
      fill(peer);
    },
    writable: fill,
    forgotten: (device) => void lines.delete(device),
    async answered(peer, response) {
      const { line } = lineOf(peer.device);
      const id = line.answered(response.id);
      // A copy for one's own terminal, or an answer that comes after a restart: the message is sent again then.
      if (id === undefined) return;
      try {
        if (response.status === ACCEPTED) {
          await settled(await history.settle(id, peer.account, 'delivered'));
        } else {
          if (response.status !== REFUSED) line.defer(id);
          await settled(await refused(peer, id, response));
        }
      } finally {
        line.settled(id);
      }
      if (!line.isCaughtUp() && line.room() >= REFILL_AT) fill(peer);
    },
    async withdraw(conversation, accounts) {
      for (const account of accounts) {
        for (const progress of await history.withdraw(conversation, account)) await settled(progress);
      }
    },
    drained(timeoutMs) {
      return new Promise((resolve, reject) => {
        const end = (): void => {
          waiters.delete(look);
          clearTimeout(timer);
          countWaiting().then(resolve, reject);
        };
        const look = (): void => {
          countWaiting().then((left) => left === 0 && end(), reject);
        };
        const timer = setTimeout(end, timeoutMs);
        waiters.add(look);
        look();
      });
    },
  };
}
