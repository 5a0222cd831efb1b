// What flows between this device and one peer: the session, over whichever channel carries it now. Does not dial.
import type { Clock } from '../../../core/time/clock.js';
import type { Channel } from '../handshake/channel.js';
import { type Failure, failure } from '../failure.js';
import { type CloseCode, closeFailure, type LinkFrame, type ResumeFrame } from './frames.js';
import { ACK_DELAY_MS } from '../limits.js';
import { createLossMeter } from './loss.js';
import { createHeartbeat } from './heartbeat.js';
import { createReliableDelivery, type ReceivedBatch } from './delivery.js';

export interface TrafficOptions {
  /** Of the session; see `createSession`. */
  readonly epoch: string;
  readonly clock: Clock;
  /** Resolves when the payloads have been dealt with; only then are they acknowledged. Never rejects. */
  readonly onMessages: (payloads: readonly Buffer[]) => Promise<void>;
  readonly onRestarted: () => Promise<void>;
  readonly onWritable: () => void;
  /** The channel is gone, and not by `hangUp`. `wasUseful`: the peer had answered on it. */
  readonly onLost: (reason: Failure, wasUseful: boolean) => void;
}

export interface Traffic {
  /** What to say first on a new channel. */
  greeting(attempt: number): ResumeFrame;
  /** Goes on over this channel, on which both ends have greeted; an earlier one is closed. */
  carry(channel: Channel, resume: ResumeFrame): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Once every `TICK_MS`. */
  tick(): void;
  /** Loses the channel, if there is one, unless the peer is heard soon. */
  recheck(): void;
  /** Resolves when the channel is closed. */
  hangUp(code: CloseCode): Promise<void>;
  /** Whether a channel carries the session with this epoch of the peer. */
  isCarrying(peerEpoch: string): boolean;
  /** Smoothed, in milliseconds; null until measured on this channel. */
  rttMs(): number | null;
  /** The share of its packets that the channel lost lately, 0 to 1; null where that is not known. */
  loss(): number | null;
  /** Payloads not yet acknowledged. */
  queued(): number;
}

export function createTraffic(options: TrafficOptions): Traffic {
  const { clock } = options;
  const delivery = createReliableDelivery(options.epoch);
  let heartbeat = createHeartbeat();
  let losses = createLossMeter();
  let channel: Channel | null = null;
  let isFlushing = false;
  let ackTimer: NodeJS.Timeout | undefined;
  let deliveries: Promise<void> = Promise.resolve();

  function leave(): void {
    channel = null;
    delivery.detach();
    clearTimeout(ackTimer);
    ackTimer = undefined;
  }

  function lose(reason: Failure): void {
    leave();
    options.onLost(reason, heartbeat.rttMs() !== null);
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
        const taken = delivery.receive(frame);
        if (taken.kind === 'violation') {
          giveUp(failure('malformed', taken.message), 'malformed');
          return;
        }
        if (taken.batch !== null) deliver(taken.batch);
        if (taken.hasRoomAgain) options.onWritable();
        flushSoon();
        return;
      }
      case 'ping':
        // A peer that pings and does not read gets no memory of ours.
        if (channel?.isWritable()) channel.send({ kind: 'pong', id: frame.id });
        return;
      case 'pong':
        heartbeat.answered(frame.id, clock.now());
        return;
      case 'close':
        giveUp(closeFailure(frame.code), 'leaving');
        return;
      case 'resume':
        giveUp(failure('malformed', 'it resumed twice'), 'malformed');
    }
  }

  function beat(): void {
    if (channel === null) return;
    losses.tick(channel.packets());
    const next = heartbeat.tick(clock.now());
    if (next.kind === 'ping' && channel.isWritable()) channel.send(next);
    if (next.kind === 'dead') {
      channel.destroy();
      lose(failure('timeout', 'it fell silent'));
    }
  }

  function deliver({ payloads, ticket }: ReceivedBatch): void {
    const before = deliveries;
    deliveries = (async () => {
      await before;
      await options.onMessages(payloads);
      delivery.handled(ticket);
      flushSoon();
    })();
  }

  // All that a turn of the event loop sends and acknowledges goes out together at its end.
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
    if (!delivery.owesAck() || ackTimer !== undefined) return;
    ackTimer = setTimeout(() => {
      ackTimer = undefined;
      write(true);
    }, ACK_DELAY_MS);
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
      if (resumed.isRestarted) deliveries = deliveries.then(options.onRestarted);
      if (resumed.hasRoomAgain) options.onWritable();
      next.listen({ frame: receive, drained: flush, ended: lose });
      beat();
      flush();
    },
    send(payload) {
      const isTaken = delivery.offer(payload);
      if (isTaken) flushSoon();
      return isTaken;
    },
    tick: beat,
    recheck() {
      const id = heartbeat.recheck(clock.now());
      if (channel?.isWritable()) channel.send({ kind: 'ping', id });
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
  };
}
