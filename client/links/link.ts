// One link: runs the machine of one peer device, dials when it says so, and lets the traffic flow. Knows no other device.
import { createActor, fromCallback } from 'xstate';
import type { Clock } from '../../core/clock.js';
import type { Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { CarrierKind, Route } from './carrier.js';
import { type Channel, createChannel } from './channel.js';
import { dial, type Lane } from './dial.js';
import type { Failure } from './failure.js';
import { type CloseCode, type ResumeFrame, VERSION } from './frames.js';
import { type Attempt, type LinkContext, linkMachine } from './link/machine.js';
import { greet, reach } from './outbound.js';
import { createTraffic } from './traffic.js';

/** A route and the carrier it belongs to. */
export interface CarrierRoute extends Route {
  readonly carrier: CarrierKind;
}

/** What one carrier has to offer. */
export type CarrierLane = Lane<CarrierRoute>;

export interface LinkOptions {
  /** The peer device's, 32 bytes. */
  readonly publicKey: Buffer;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  /** The ways to the device as known now, the preferred carrier first. */
  readonly lanes: () => readonly CarrierLane[];
  readonly onChanged: () => void;
  /** Resolves when the payloads have been dealt with; only then are they acknowledged. Never rejects. */
  readonly onMessages: (payloads: readonly Buffer[]) => Promise<void>;
  readonly onRestarted: () => Promise<void>;
  readonly onWritable: () => void;
}

export interface Link {
  /** Dials, or dials anew, unless the link is open or the other side is to dial. */
  introduce(): void;
  /** Takes over a carrier the peer has opened, with the first thing it said. */
  adopt(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Once every `TICK_MS`. */
  tick(): void;
  status(): LinkStatus;
  /** For good. Resolves when the carrier is closed. */
  close(code: CloseCode): Promise<void>;
}

export interface LinkStatus extends Pick<LinkContext, 'failure' | 'open' | 'attempts'> {
  readonly phase: 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';
  /** Smoothed, in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** Payloads not yet acknowledged. */
  readonly queued: number;
}

/** Of two keys, the smaller one's device dials and the other waits. */
export function isDialler(own: Buffer, other: Buffer): boolean {
  return Buffer.compare(own, other) < 0;
}

export function createLink(options: LinkOptions): Link {
  const { key, publicKey, clock, random } = options;
  // Of the carriers of this pair, counted by the side that dials.
  let attempt = 0;

  const actor = createActor(
    linkMachine.provide({
      actors: {
        dial: fromCallback(() => {
          const unwanted = new AbortController();
          void dialOnce(unwanted.signal);
          return () => unwanted.abort();
        }),
      },
    }),
    { input: { dials: isDialler(key.publicKey, publicKey) } },
  );
  const traffic = createTraffic({
    epoch: options.ids.next(),
    clock,
    onMessages: options.onMessages,
    onRestarted: options.onRestarted,
    onWritable: options.onWritable,
    onLost: (failure, wasUseful) => actor.send({ type: 'LOST', failure, wasUseful, draw: random() }),
  });

  function attempted(carrier: CarrierKind, via: string, failure: Failure | null): Attempt {
    return { at: clock.now(), carrier, via, failure };
  }

  function tried(route: CarrierRoute, failure: Failure): void {
    actor.send({ type: 'TRIED', attempt: attempted(route.carrier, route.to, failure) });
  }

  function open(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void {
    actor.send({ type: 'CONNECTED', attempt: attempted(carrier, via, null) });
    traffic.carry(channel, resume);
  }

  async function dialOnce(signal: AbortSignal): Promise<void> {
    const reached = await dial({
      lanes: options.lanes(),
      attempt: (route, unwanted) => reach(route, key, publicKey, unwanted),
      onFailed: tried,
      discard: ({ stream }) => stream.destroy(),
      signal,
    });
    if (!reached.ok) {
      if (!signal.aborted) actor.send({ type: 'FAILED', failure: reached.failure, draw: random() });
      return;
    }
    const { route, value: secured } = reached.value;
    const channel = createChannel(secured);
    attempt += 1;
    const answer = await greet(channel, traffic.greeting(attempt), signal);
    if (signal.aborted) {
      channel.destroy();
    } else if (answer.ok) {
      open(channel, answer.value, route.carrier, route.to);
    } else {
      tried(route, answer.failure);
      actor.send({ type: 'FAILED', failure: answer.failure, draw: random() });
    }
  }

  actor.subscribe(options.onChanged);
  actor.start();

  return {
    introduce: () => actor.send({ type: 'INTRODUCED' }),
    adopt(channel, resume, carrier, via) {
      const refusal = refusalOf(resume);
      if (refusal !== null) {
        channel.close(refusal);
        return;
      }
      attempt = resume.attempt;
      channel.send(traffic.greeting(attempt));
      open(channel, resume, carrier, via);
    },
    send: (payload) => traffic.send(payload),
    tick: () => traffic.tick(),
    status() {
      const { value, context } = actor.getSnapshot();
      const { failure, open, attempts } = context;
      return { phase: value, failure, open, attempts, rttMs: traffic.rttMs(), queued: traffic.queued() };
    },
    async close(code) {
      actor.send({ type: 'FORGOTTEN' });
      await traffic.hangUp(code);
    },
  };

  function refusalOf(resume: ResumeFrame): CloseCode | null {
    if (actor.getSnapshot().status === 'done') return 'not-introduced';
    if (resume.version !== VERSION) return 'malformed';
    return traffic.isCarrying(resume.epoch) && resume.attempt <= attempt ? 'superseded' : null;
  }
}
