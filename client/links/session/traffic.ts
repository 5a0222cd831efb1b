// The traffic between this device and one peer: reliable delivery over the current channel, with heartbeat and loss. It does not dial.
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { StreamEnds } from '../carrier.js';
import type { Channel } from '../handshake/channel.js';
import { type Failure, failure } from '../failure.js';
import { type CloseCode, closeFailure, type LinkFrame, type PingFrame, type ResumeFrame } from './frames.js';
import { ACK_DELAY_MS } from '../limits.js';
import { createLossMeter } from './loss.js';
import { createHeartbeat } from './heartbeat.js';
import { createReliableDelivery, type ReceivedBatch } from './delivery.js';

export interface TrafficOptions {
  /** Identifies this process to the peer; see `createReliableDelivery`. */
  readonly epoch: string;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Resolves when the payloads are handled; they are acknowledged only then. Never rejects. */
  readonly onMessages: (payloads: readonly Buffer[]) => Promise<void>;
  readonly onRestarted: () => Promise<void>;
  readonly onWritable: () => void;
  /** The time until this side tries better carriers, sent to the peer for its user; null if this side does not try any. */
  readonly nextTryMs: () => number | null;
  readonly onPing: (ping: PingFrame) => void;
  /** Called when the channel has ended for another reason than `hangUp`. */
  readonly onLost: (lost: LostChannel) => void;
}

export interface LostChannel {
  readonly failure: Failure;
  /** Whether the peer had answered a ping on the channel. */
  readonly wasUseful: boolean;
  /** Whether nothing had arrived since the last `recheck`. */
  readonly wasDoubted: boolean;
}

export interface Traffic {
  /** The first frame for a new channel. */
  greeting(attempt: number): ResumeFrame;
  /** Continues over this channel, on which both sides have sent their resume frames; closes an earlier channel. */
  carry(channel: Channel, resume: ResumeFrame): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Call every `TICK_MS`. */
  tick(): void;
  /** Drops the channel, if there is one, unless something arrives from the peer soon. */
  recheck(): void;
  /** Whether anything has arrived on the channel within the time between two pings. */
  isHeard(): boolean;
  /** Asks the peer to try better carriers now. */
  requestRetry(): void;
  /** Resolves when the channel is closed. */
  hangUp(code: CloseCode): Promise<void>;
  /** Whether a channel is open to the peer's process with this epoch. */
  isCarrying(peerEpoch: string): boolean;
  /** Smoothed round trip in milliseconds; null until measured on this channel. */
  rttMs(): number | null;
  /** The share of packets that the channel lost in the last minute, 0 to 1; null if unknown. */
  loss(): number | null;
  /** The number of payloads that the peer has not acknowledged yet. */
  queued(): number;
  /** The addresses of the channel; null without a channel, and while the addresses are unknown. */
  ends(): StreamEnds | null;
}

export function createTraffic(options: TrafficOptions): Traffic {
  const { clock, schedule } = options;
  const delivery = createReliableDelivery(options.epoch);
  let heartbeat = createHeartbeat();
  let losses = createLossMeter();
  let channel: Channel | null = null;
  let isFlushing = false;
  let cancelAck: (() => void) | null = null;
  let handling: Promise<void> = Promise.resolve();

  function leave(): void {
    channel = null;
    delivery.detach();
    cancelAck?.();
    cancelAck = null;
  }

  function lose(reason: Failure): void {
    leave();
    const wasUseful = heartbeat.rttMs() !== null;
    options.onLost({ failure: reason, wasUseful, wasDoubted: heartbeat.isDoubted() });
  }

  function giveUp(reason: Failure, code: CloseCode): void {
    channel?.close(code);
    lose(reason);
  }

  function receive(frame: LinkFrame): void {
    heartbeat.heard();
    switch (frame.kind) {
      case 'data':
      case 'ack': {
        const result = delivery.receive(frame);
        if (result.kind === 'violation') {
          giveUp(failure('malformed', result.message), 'malformed');
          return;
        }
        if (result.batch !== null) handle(result.batch);
        if (result.hasRoomAgain) options.onWritable();
        flushSoon();
        return;
      }
      case 'ping':
        // Send a pong only if the channel is writable. Otherwise a peer that sends pings and does not read the pongs would fill
        // the memory of this process.
        if (channel?.isWritable()) channel.send({ kind: 'pong', id: frame.id });
        options.onPing(frame);
        return;
      case 'pong':
        heartbeat.answered(frame.id, clock.now());
        return;
      case 'close':
        giveUp(closeFailure(frame.code), 'leaving');
        return;
      case 'resume':
        giveUp(failure('malformed', 'it sent a second resume frame'), 'malformed');
    }
  }

  function beat(): void {
    if (channel === null) return;
    losses.tick(channel.packets());
    const next = heartbeat.tick(clock.now());
    if (next.kind === 'ping') ping(next.id, false);
    if (next.kind === 'dead') {
      channel.destroy();
      lose(failure('timeout', 'it stopped responding'));
    }
  }

  function ping(id: number, isRetryWanted: boolean): void {
    const nextTryMs = options.nextTryMs();
    const extras = { ...(nextTryMs !== null && { nextTryMs }), ...(isRetryWanted && { isRetryWanted }) };
    if (channel?.isWritable()) channel.send({ kind: 'ping', id, ...extras });
  }

  function handle({ payloads, ticket }: ReceivedBatch): void {
    const before = handling;
    handling = (async () => {
      await before;
      await options.onMessages(payloads);
      delivery.handled(ticket);
      flushSoon();
    })();
  }

  // Writes at the end of this turn of the event loop: all payloads and acknowledgements of the turn are written together.
  function flushSoon(): void {
    if (isFlushing) return;
    isFlushing = true;
    setImmediate(() => {
      isFlushing = false;
      flush();
    });
  }

  function flush(): void {
    write(false);
    if (!delivery.owesAck() || cancelAck !== null) return;
    cancelAck = schedule(ACK_DELAY_MS, () => {
      cancelAck = null;
      write(true);
    });
  }

  function write(acknowledgeNow: boolean): void {
    while (channel?.isWritable()) {
      const frame = delivery.next(acknowledgeNow);
      if (frame === null) return;
      channel.send(frame);
    }
  }

  return {
    greeting: (attempt) => delivery.greeting(attempt),
    carry(next, resume) {
      channel?.close('superseded');
      channel = next;
      heartbeat = createHeartbeat();
      losses = createLossMeter();
      const resumed = delivery.resume(resume);
      if (resumed.kind === 'violation') {
        giveUp(failure('malformed', resumed.message), 'malformed');
        return;
      }
      if (resumed.isRestarted) handling = handling.then(options.onRestarted);
      if (resumed.hasRoomAgain) options.onWritable();
      next.listen({ frame: receive, drained: flush, ended: lose });
      beat();
      flush();
    },
    send(payload) {
      const isAccepted = delivery.offer(payload);
      if (isAccepted) flushSoon();
      return isAccepted;
    },
    tick: beat,
    recheck() {
      ping(heartbeat.recheck(clock.now()), false);
    },
    isHeard: () => channel !== null && heartbeat.isHeard(),
    requestRetry() {
      ping(heartbeat.ping(clock.now()), true);
    },
    async hangUp(code) {
      const last = channel;
      leave();
      last?.close(code);
      await last?.closed;
    },
    isCarrying: (peerEpoch) => channel !== null && delivery.peerEpoch() === peerEpoch,
    rttMs: () => (channel === null ? null : heartbeat.rttMs()),
    loss: () => (channel === null ? null : losses.share()),
    queued: () => delivery.queued(),
    ends: () => channel?.ends() ?? null,
  };
}
