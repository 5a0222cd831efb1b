// The outbox: sends the user's messages to their recipients, in order for each device, and reports the progress of each message.
// The history keeps the messages on the disk; the send windows hold the next ones.
import { type AccountId, commandIdSchema, type DeviceId, type Ids } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Response } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { History, MessageProgress, AckCount, Redated, StoredMessage } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import type { Why } from '../diagnostics/why.js';
import type { DeliveryRefusal, Tell } from '../events.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { Inbox } from './inbox.js';
import { createDrained } from './delivery/drained.js';
import { outgoing, progressOf } from './delivery/outgoing.js';
import { createRecipients } from './delivery/recipients.js';
import { createRefusalReports } from './delivery/refusals.js';
import { createDeliveryReports } from './delivery/reports.js';
import type { Outgoing, SendWindow } from './send-window.js';

export interface OutboxParts {
  readonly history: History;
  readonly peers: Pick<Peers, 'events' | 'open' | 'openOf' | 'get' | 'send'>;
  readonly inbox: Pick<Inbox, 'events'>;
  /** The device logged in at this terminal; null before a login. */
  readonly device: () => DeviceId | null;
  /** The account logged in at this terminal; null before a login. */
  readonly me: () => AccountId | null;
  readonly people: Pick<People, 'nameOf'>;
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly schedule: Schedule;
  /** Times the retries, which do not keep the process alive. */
  readonly retrySchedule: Schedule;
  readonly ids: Ids;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
  readonly log: Log;
}

/**
 * The outcome for a message refused as dated in the future. `redated`: a new message replaces it. `wait`: it is sent again soon.
 * `final`: it stays refused.
 */
export type DatedAheadOutcome = 'redated' | 'wait' | 'final';

/** `isElsewhere`: another device may have stored the message, and would show a replacement as a second message. */
export type DatedAheadHandler = (
  progress: MessageProgress,
  isElsewhere: boolean,
) => Promise<DatedAheadOutcome>;

export interface Outbox {
  /** Sends a message that was just stored to `accounts`, and a copy to the author's other devices. */
  post(stored: StoredMessage, accounts: readonly AccountId[]): void;
  /**
   * Sets what is done with a message that a recipient refused as dated in the future. Until this is called, the refusal is final.
   */
  onDatedAhead(handler: DatedAheadHandler): void;
  /** Sends the message that replaces a former one, and reports its progress as that of the former message. */
  repost(redated: Redated): void;
  /** Sends messages that were held back. */
  resume(): void;
  /** Takes these accounts out of the recipients of every waiting message of the conversation. */
  withdraw(conversation: ConversationId, accounts: readonly AccountId[]): Promise<void>;
  /** Stops sending the messages of `author` that wait in the conversation, because its members no longer accept them. */
  giveUp(conversation: ConversationId, author: AccountId, reason: string): Promise<void>;
  /** Resolves when no message waits for a recipient, or after `timeoutMs`, with the number of messages that wait. */
  drained(timeoutMs: number): Promise<number>;
}

const ACCEPTED = 400;
const REFUSED = 401;

const isDatedAhead = ({ status, phrase }: Response): boolean =>
  status === REFUSED && phrase === 'DATED_AHEAD';

const refuse = async (): Promise<DatedAheadOutcome> => 'final';

export function createOutbox(parts: OutboxParts): Outbox {
  const { history, peers, inbox, log } = parts;
  const recipients = createRecipients(parts.retrySchedule, (device) => {
    const peer = peers.get(device);
    if (peer !== undefined) fill(peer);
  });
  /** The windows that are being filled from the disk. */
  const filling = new Set<SendWindow>();
  const reports = createDeliveryReports(parts);
  const refusals = createRefusalReports(parts);
  const drained = createDrained(parts.schedule, countWaiting);
  let handleDatedAhead: DatedAheadHandler = refuse;

  const windowOf = (device: DeviceId): SendWindow => recipients.of(device).window;

  function outgoingOf(stored: StoredMessage, progress: MessageProgress): Outgoing {
    return outgoing(stored, progress, commandIdSchema.parse(parts.ids.next()), hasOwnLinks());
  }

  /** Whether other devices of this account are linked. They get a copy of each message. */
  function hasOwnLinks(): boolean {
    const me = parts.me();
    return me !== null && peers.openOf(me).length > 0;
  }

  /** Hands queued messages to the link until it takes no more. */
  function drain(device: DeviceId, window: SendWindow): void {
    for (let next = window.next(); next !== undefined; next = window.next()) {
      if (peers.send(device, next.request) !== 'taken') return;
      window.handed();
      const { progress } = next;
      reports.handed(progress);
    }
  }

  function fill({ device, account }: Peer): void {
    const window = windowOf(device);
    drain(device, window);
    if (!window.wantsMore() || filling.has(window)) return;
    filling.add(window);
    fillFromDisk(device, account, window).catch((error: unknown) => {
      log.error({ error, device }, 'the outbox cannot be read');
      recipients.of(device).retries.later();
    });
  }

  async function fillFromDisk(device: DeviceId, account: AccountId, window: SendWindow): Promise<void> {
    try {
      while (peers.get(device)?.state === 'open' && window.wantsMore()) {
        const own = parts.device();
        if (own === null) return;
        const take = window.beginCatchUp();
        const limit = window.reach();
        const waiting = await history.pending(own, account, limit);
        const next = waiting.filter(({ id }) => !window.holds(id));
        const reaches = await Promise.all(next.map(({ position }) => history.progress(position)));
        const ready = next.flatMap((stored, index) => {
          const reach = reaches[index] ?? null;
          return reach === null ? [] : [outgoingOf(stored, progressOf(stored, reach))];
        });
        take(ready, waiting.length < limit);
        drain(device, window);
      }
    } finally {
      filling.delete(window);
    }
  }

  function settled(
    before: MessageProgress,
    counts: AckCount | null,
    refusal: DeliveryRefusal | null = null,
  ): void {
    if (counts !== null) reports.report({ ...before, ...counts }, refusal);
    drained.settled();
  }

  /** Handles the peer's answer to a message. Rejects if the history cannot record it. */
  async function conclude(peer: Peer, progress: MessageProgress, response: Response): Promise<void> {
    const { window, retries } = recipients.of(peer.device);
    const { id, position } = progress;
    if (response.status === ACCEPTED) {
      const counts = await history.recordVerdict(position, peer.account, 'delivered');
      retries.ended(id);
      settled(progress, counts);
      return;
    }
    const outcome = isDatedAhead(response)
      ? await handleDatedAhead(progress, recipients.isUnanswered(id) || hasOwnLinks())
      : 'final';
    if (outcome === 'redated') {
      retries.ended(id);
      settled(progress, null);
      return;
    }
    if (response.status === REFUSED && outcome === 'final') {
      const counts = await history.recordVerdict(position, peer.account, 'refused');
      retries.ended(id);
      // `counts` is null if the message no longer waited for this account.
      settled(progress, counts, counts === null ? null : refusals.report(peer, progress, response, true));
      return;
    }
    window.defer(id);
    reports.waits(id);
    const isFirst = retries.failed(id);
    const counts = await history.progress(position);
    settled(progress, counts, isFirst ? refusals.report(peer, progress, response, false) : null);
  }

  async function answered(peer: Peer, response: Response): Promise<void> {
    const { window, retries } = recipients.of(peer.device);
    const progress = window.answered(response.id);
    // It is the answer to another request, to a copy for an own terminal, or to a message sent before a restart. Such a message
    // is sent again.
    if (progress === undefined) return;
    try {
      await conclude(peer, progress, response);
    } catch (error) {
      // The message stays in the outbox and is sent again. The peer does not store it twice, and answers again.
      log.error({ err: error, id: progress.id }, 'the answer to a message cannot be recorded');
      window.defer(progress.id);
      retries.failed(progress.id);
    } finally {
      window.settled(progress.id);
    }
    fill(peer);
  }

  async function countWaiting(): Promise<number> {
    const device = parts.device();
    return device === null ? 0 : history.pendingTotal(device);
  }

  peers.events.on('opened', (peer) => {
    const { window, retries } = recipients.of(peer.device);
    retries.clear();
    window.reopen();
    fill(peer);
  });
  peers.events.on('restarted', (peer) => {
    const { window, retries } = recipients.of(peer.device);
    retries.clear();
    window.restart();
    fill(peer);
  });
  peers.events.on('writable', fill);
  peers.events.on('forgotten', (device) => {
    recipients.forget(device);
  });
  inbox.events.on('answer', ({ peer, response }) => answered(peer, response));

  function post(stored: StoredMessage, accounts: readonly AccountId[]): void {
    const { id, message } = stored;
    const progress = progressOf(stored, { acked: 0, of: accounts.length, refused: 0 });
    reports.report(progress);
    // A message without a proof waits for its final timestamp.
    if (stored.proof === null) {
      for (const { window } of recipients.all()) window.fallBehind();
      return;
    }
    const next = outgoingOf(stored, progress);
    const wanted = new Set(accounts);
    for (const peer of peers.open()) {
      if (!wanted.has(peer.account)) continue;
      const window = windowOf(peer.device);
      // A read of the disk under way may already have queued the message.
      if (window.holds(id)) continue;
      if (window.isCaughtUp() && window.queue(next)) {
        drain(peer.device, window);
      } else {
        window.fallBehind();
        fill(peer);
      }
    }
    for (const { device } of peers.openOf(message.account)) peers.send(device, next.request);
  }

  return {
    post,
    onDatedAhead(handler) {
      handleDatedAhead = handler;
    },
    repost({ stored, recipients: accounts, former }) {
      reports.continues(stored.id, former.id);
      recipients.ended(former.id);
      for (const account of accounts) {
        for (const { device } of peers.openOf(account)) windowOf(device).drop();
      }
      post(stored, accounts);
    },
    resume() {
      for (const peer of peers.open()) fill(peer);
    },
    async withdraw(conversation, accounts) {
      for (const account of accounts) {
        const open = peers.openOf(account);
        for (const { device } of open) windowOf(device).drop();
        for (const progress of await history.withdraw(conversation, account)) {
          const devices = open.map(({ device }) => device);
          recipients.ended(progress.id, devices);
          settled(progress, progress);
        }
        open.forEach(fill);
      }
    },
    async giveUp(conversation, author, reason) {
      const open = peers.open();
      for (const { device } of open) windowOf(device).drop();
      const refusal = { by: null, phrase: 'NOT_A_RECIPIENT', reason } as const;
      for (const progress of await history.giveUp(conversation, author)) {
        recipients.ended(progress.id);
        settled(progress, progress, refusal);
      }
      open.forEach(fill);
    },
    drained: (timeoutMs) => drained.wait(timeoutMs),
  };
}
