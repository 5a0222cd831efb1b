// The link to one peer device: its state machine, its dialling and its traffic. It knows no other device.
import { createActor } from 'xstate';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { Ids } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { CarrierChoice, CarrierKind, LinkConnection } from '../carrier.js';
import type { Channel } from '../handshake/channel.js';
import {
  type CarrierLane,
  type CarrierRoute,
  createEstablisher,
  type Established,
  hasRoutes,
} from './establish.js';
import { type Failure, failure, failureAt, type LinkResult } from '../failure.js';
import { type CloseCode, type PingFrame, type ResumeFrame, VERSION } from '../session/frames.js';
import { IMPROVE_MAX_MS, IMPROVE_MIN_MS, STALL_WITHIN_MS } from '../limits.js';
import { type LinkAttempt, type Driver, type LinkContext, linkMachine, machineClock } from './machine.js';
import { fullSize } from '../handshake/connect.js';
import { createRestartableBackoff } from './backoff.js';
import { createStalls } from './stalls.js';
import { createTraffic } from '../session/traffic.js';

export interface LinkOptions {
  /** The peer's key, 32 bytes. */
  readonly publicKey: Buffer;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly random: () => number;
  /** The routes to the device that are known now, the preferred carrier first. */
  readonly lanes: () => readonly CarrierLane[];
  readonly onChanged: () => void;
  /** Resolves when the payloads are handled; they are acknowledged only then. Never rejects. */
  readonly onMessages: (payloads: readonly Buffer[]) => Promise<void>;
  readonly onRestarted: () => Promise<void>;
  readonly onWritable: () => void;
}

export interface Link {
  /** Dials now, unless the other side is the one that dials. If the link is open, better carriers are tried soon. */
  introduce(): void;
  /** Sets the carrier to use. A connection over another carrier is closed. */
  choose(choice: CarrierChoice): void;
  /** Takes over a connection that the peer has opened, with its resume frame. */
  adopt(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Call every `TICK_MS`. */
  tick(): void;
  /** The network or the peer's addresses have changed: drops the connection unless something arrives from the peer soon. */
  recheck(): void;
  /** Tries better carriers now, or has the other side do so if that is the side that dials. */
  retry(): void;
  status(): LinkStatus;
  connection(): LinkConnection;
  /** Ends the link. Resolves when its connection is closed. */
  close(code: CloseCode): Promise<void>;
}

export interface LinkStatus
  extends Pick<LinkContext, 'dials' | 'failure' | 'failures' | 'open' | 'attempts'> {
  readonly choice: CarrierChoice;
  readonly phase: 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** The share of lost packets, 0 to 1; null if unknown. */
  readonly loss: number | null;
  /** Payloads not yet acknowledged. */
  readonly queued: number;
  /** The time of the next attempt to connect, or to use a better carrier; milliseconds since the Unix epoch, null if none is due. */
  readonly nextTryAt: number | null;
}

/** The device with the smaller key dials; the other waits. */
export function isDialler(own: Buffer, other: Buffer): boolean {
  return Buffer.compare(own, other) < 0;
}

export function createLink(options: LinkOptions): Link {
  const { key, publicKey, clock, schedule, random } = options;
  const dials = isDialler(key.publicKey, publicKey);
  let choice: CarrierChoice = 'auto';
  // While resume frames are exchanged on a better carrier, the loss of the present one is held back: the better one may replace it.
  let reportLoss: (() => void) | null = null;
  const stalls = createStalls(clock);
  /** The next attempt of the other side, according to its last ping, and the time of its last request for a retry. */
  let peerNextTryAt: number | null = null;
  let retriedAt = 0;
  const improveBackoff = createRestartableBackoff(clock, schedule, {
    firstMs: IMPROVE_MIN_MS,
    longestMs: IMPROVE_MAX_MS,
  });

  const driver: Driver = {
    dial: () => abortable(dialOnce),
    improve: () => (dials ? abortable(improve) : () => undefined),
  };
  const actor = createActor(linkMachine, { input: { dials, driver }, clock: machineClock(schedule) });
  const traffic = createTraffic({
    epoch: options.ids.next(),
    clock,
    schedule,
    onMessages: options.onMessages,
    onRestarted() {
      // The silence was the end of that process.
      stalls.clear();
      return options.onRestarted();
    },
    onWritable: options.onWritable,
    nextTryMs() {
      const at = dials ? nextImproveAt() : null;
      return at === null ? null : Math.max(0, at - clock.now());
    },
    onPing,
    onLost(failure, wasUseful) {
      noteStall(failure, wasUseful);
      const at = clock.now();
      const report = (): void => actor.send({ type: 'LOST', at, failure, wasUseful, draw: random() });
      if (establisher.isResuming) reportLoss = report;
      else report();
    },
  });

  /** Records a stall if the open connection was lost in a way that the next one over this carrier would repeat. */
  function noteStall(lost: Failure, wasUseful: boolean): void {
    const { open } = actor.getSnapshot().context;
    if (open === null) return;
    const durationMs = clock.now() - open.at;
    stalls.carried(open.carrier, durationMs);
    const isSilent = lost.code === 'timeout' && durationMs < STALL_WITHIN_MS;
    const isCut = lost.code === 'corrupted' || (lost.code === 'closed' && !wasUseful);
    // The relay is the last resort: its stall would leave no way.
    if (open.carrier === 'relay' || (!isSilent && !isCut)) return;
    stalls.add(open.carrier);
    const stalled = failureAt(open.via, failure('stalled', lost.detail ?? lost.code));
    actor.send({ type: 'TRIED', attempt: attemptOf(open.carrier, open.via, stalled) });
  }

  function onPing({ isRetryWanted = false, nextTryMs }: PingFrame): void {
    const now = clock.now();
    peerNextTryAt = nextTryMs === undefined ? null : now + Math.min(nextTryMs, IMPROVE_MAX_MS);
    // A peer cannot cause attempts more often than this side makes them by itself.
    if (!isRetryWanted || !dials || now - retriedAt < IMPROVE_MIN_MS) return;
    retriedAt = now;
    stalls.clear();
    improveBackoff.skip();
  }

  /** The carriers that are better than the present one. */
  function betterLanes(): readonly CarrierLane[] {
    const lanes = options.lanes();
    const present = lanes.findIndex(({ carrier }) => carrier === actor.getSnapshot().context.open?.carrier);
    return choice === 'auto' ? lanes.slice(0, Math.max(0, present)) : [];
  }

  const nextImproveAt = (): number | null => (hasRoutes(betterLanes()) ? improveBackoff.dueAt() : null);

  function attemptOf(carrier: CarrierKind, via: string, failure: Failure | null): LinkAttempt {
    return { at: clock.now(), carrier, via, failure };
  }

  function reportFailure(route: CarrierRoute, failure: Failure): void {
    actor.send({ type: 'TRIED', attempt: attemptOf(route.carrier, route.to, failure) });
  }

  function open(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void {
    actor.send({ type: 'CONNECTED', attempt: attemptOf(carrier, via, null) });
    traffic.carry(channel, resume);
  }

  const isAllowed = (carrier: CarrierKind): boolean => choice === 'auto' || choice === carrier;

  const establisher = createEstablisher({
    key,
    publicKey,
    schedule,
    stalls,
    greeting: (connectionNumber) => traffic.greeting(connectionNumber),
    onFailed: reportFailure,
  });

  async function dialOnce(signal: AbortSignal): Promise<void> {
    const lanes = options.lanes().filter(({ carrier }) => isAllowed(carrier));
    const established: LinkResult<Established> =
      choice === 'auto' || hasRoutes(lanes)
        ? await establisher.establish(lanes, signal)
        : {
            ok: false,
            failure: failure('unreachable', `no address for ${choice}, the only carrier allowed`),
          };
    settle(established, signal, (reason) =>
      actor.send({ type: 'FAILED', at: clock.now(), failure: reason, draw: random() }),
    );
  }

  async function improve(signal: AbortSignal): Promise<void> {
    improveBackoff.restart();
    while (await improveBackoff.wait(signal)) {
      const better = betterLanes().filter(({ carrier }) => !stalls.isAvoided(carrier));
      if (!hasRoutes(better)) continue;
      const established = await establisher.establish(better, signal);
      const report = reportLoss;
      reportLoss = null;
      settle(established, signal, () => report?.());
    }
  }

  function settle(
    established: LinkResult<Established>,
    signal: AbortSignal,
    onFailed: (reason: Failure) => void,
  ): void {
    if (!established.ok) {
      if (!signal.aborted) onFailed(established.failure);
      return;
    }
    const { channel, resume, route } = established.value;
    if (signal.aborted) channel.destroy();
    else open(channel, resume, route.carrier, route.to);
  }

  actor.subscribe(options.onChanged);
  actor.start();

  return {
    introduce() {
      improveBackoff.restart();
      actor.send({ type: 'INTRODUCED' });
    },
    choose(next) {
      if (next === choice) return;
      choice = next;
      const { value, context } = actor.getSnapshot();
      if (context.open !== null) {
        if (isAllowed(context.open.carrier)) return;
        void traffic.hangUp('unwanted');
      }
      const isBegun = value !== 'idle' || context.failure !== null;
      if (isBegun) actor.send({ type: 'RECHOSEN' });
    },
    adopt(channel, resume, carrier, via) {
      const refusal = isAllowed(carrier) ? refusalOf(resume) : 'unwanted';
      if (refusal !== null) {
        channel.close(refusal);
        return;
      }
      establisher.connectionNumber = resume.attempt;
      channel.send(fullSize(traffic.greeting(resume.attempt)));
      open(channel, resume, carrier, via);
    },
    send: (payload) => traffic.send(payload),
    tick: () => traffic.tick(),
    recheck() {
      stalls.clear();
      traffic.recheck();
    },
    retry() {
      stalls.clear();
      if (!dials) {
        traffic.requestRetry();
        return;
      }
      const { value } = actor.getSnapshot();
      if (value === 'open') improveBackoff.skip();
      else if (value === 'waiting') actor.send({ type: 'INTRODUCED' });
    },
    status() {
      const { value, context } = actor.getSnapshot();
      const { failure, failures, open, attempts } = context;
      const flow = { rttMs: traffic.rttMs(), loss: traffic.loss(), queued: traffic.queued() };
      const nextBetterAt = dials ? nextImproveAt() : choice === 'auto' ? peerNextTryAt : null;
      const nextDialAt = value === 'waiting' ? context.failedAt + context.backoffMs : null;
      const nextTryAt = value === 'open' ? nextBetterAt : nextDialAt;
      return { phase: value, dials, choice, failure, failures, open, attempts, nextTryAt, ...flow };
    },
    connection: () => ({ carrier: actor.getSnapshot().context.open?.carrier ?? null, ends: traffic.ends() }),
    async close(code) {
      actor.send({ type: 'FORGOTTEN' });
      await traffic.hangUp(code);
    },
  };

  function refusalOf(resume: ResumeFrame): CloseCode | null {
    if (actor.getSnapshot().status === 'done') return 'not-introduced';
    if (resume.version !== VERSION) return 'malformed';
    return traffic.isCarrying(resume.epoch) && resume.attempt <= establisher.connectionNumber
      ? 'superseded'
      : null;
  }
}

/** Starts the work and returns a function that aborts it. */
function abortable(work: (signal: AbortSignal) => Promise<void>): () => void {
  const aborted = new AbortController();
  void work(aborted.signal);
  return () => aborted.abort();
}
