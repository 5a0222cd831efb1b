// The link to one peer device: its state machine, its dialling and its traffic. It knows no other device.
import { createActor } from 'xstate';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { Ids } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { CarrierChoice, CarrierKind, Route } from '../carrier.js';
import { type Channel, createChannel } from '../handshake/channel.js';
import { dial, type Lane } from './dial.js';
import { type Failure, failure, type LinkResult } from '../failure.js';
import { type CloseCode, type ResumeFrame, VERSION } from '../session/frames.js';
import { IMPROVE_MAX_MS, IMPROVE_MIN_MS } from '../limits.js';
import { type LinkAttempt, type Driver, type LinkContext, linkMachine } from './machine.js';
import { connectRoute, exchangeResumes } from '../handshake/connect.js';
import { createRestartableBackoff } from './backoff.js';
import { createTraffic } from '../session/traffic.js';

/** A route and the carrier it belongs to. */
export interface CarrierRoute extends Route {
  readonly carrier: CarrierKind;
}

/** The routes of one carrier. */
export interface CarrierLane extends Lane<CarrierRoute> {
  readonly carrier: CarrierKind;
}

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
  /** Drops the connection, if there is one, unless something arrives from the peer soon. */
  recheck(): void;
  status(): LinkStatus;
  /** Ends the link. Resolves when its connection is closed. */
  close(code: CloseCode): Promise<void>;
}

export interface LinkStatus
  extends Pick<LinkContext, 'dials' | 'failure' | 'failures' | 'open' | 'attempts'> {
  readonly choice: CarrierChoice;
  readonly phase: 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** The share of its packets that were lost, 0 to 1; null where unknown. */
  readonly loss: number | null;
  /** Payloads not yet acknowledged. */
  readonly queued: number;
}

/** A connection on which both sides have sent their resume frames. */
interface Established {
  readonly channel: Channel;
  readonly resume: ResumeFrame;
  readonly route: CarrierRoute;
}

/** The device with the smaller key dials; the other waits. */
export function isDialler(own: Buffer, other: Buffer): boolean {
  return Buffer.compare(own, other) < 0;
}

export function createLink(options: LinkOptions): Link {
  const { key, publicKey, clock, schedule, random } = options;
  const dials = isDialler(key.publicKey, publicKey);
  // The connections that this side has opened. Resume frames carry this number; see `attempt` there.
  let connectionNumber = 0;
  let choice: CarrierChoice = 'auto';
  // While resume frames are exchanged on a better carrier, the loss of the present one is held back: the better one may replace it.
  let isResuming = false;
  let reportLoss: (() => void) | null = null;
  const improveBackoff = createRestartableBackoff(schedule, {
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
    onRestarted: options.onRestarted,
    onWritable: options.onWritable,
    onLost(failure, wasUseful) {
      const report = (): void => actor.send({ type: 'LOST', failure, wasUseful, draw: random() });
      if (isResuming) reportLoss = report;
      else report();
    },
  });

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

  // The first connection over a carrier that both sides allow. A carrier that the other side refuses is left out of the next round.
  async function establish(
    lanes: readonly CarrierLane[],
    signal: AbortSignal,
  ): Promise<LinkResult<Established>> {
    for (let left = lanes; ; ) {
      const reached = await dial({
        lanes: left,
        schedule,
        connect: (route, aborted) => connectRoute(route, { key, publicKey, schedule }, aborted),
        onFailed: reportFailure,
        discard: ({ stream }) => stream.destroy(),
        signal,
      });
      if (!reached.ok) return reached;
      const { route, value: stream } = reached.value;
      const channel = createChannel(stream, schedule);
      connectionNumber += 1;
      isResuming = true;
      const answer = await exchangeResumes(channel, traffic.greeting(connectionNumber), schedule, signal);
      isResuming = false;
      if (answer.ok) return { ok: true, value: { channel, resume: answer.value, route } };
      reportFailure(route, answer.failure);
      left = left.filter(({ carrier }) => carrier !== route.carrier);
      if (answer.failure.code !== 'unwanted' || !hasRoutes(left)) return answer;
    }
  }

  async function dialOnce(signal: AbortSignal): Promise<void> {
    const lanes = options.lanes().filter(({ carrier }) => isAllowed(carrier));
    const established: LinkResult<Established> =
      choice === 'auto' || hasRoutes(lanes)
        ? await establish(lanes, signal)
        : {
            ok: false,
            failure: failure('unreachable', `no address for ${choice}, the only carrier allowed`),
          };
    settle(established, signal, (reason) => actor.send({ type: 'FAILED', failure: reason, draw: random() }));
  }

  async function improve(signal: AbortSignal): Promise<void> {
    improveBackoff.restart();
    while (await improveBackoff.wait(signal)) {
      const lanes = options.lanes();
      const present = lanes.findIndex(({ carrier }) => carrier === actor.getSnapshot().context.open?.carrier);
      const better = choice === 'auto' ? lanes.slice(0, Math.max(0, present)) : [];
      if (!hasRoutes(better)) continue;
      const established = await establish(better, signal);
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
      connectionNumber = resume.attempt;
      channel.send(traffic.greeting(connectionNumber));
      open(channel, resume, carrier, via);
    },
    send: (payload) => traffic.send(payload),
    tick: () => traffic.tick(),
    recheck: () => traffic.recheck(),
    status() {
      const { value, context } = actor.getSnapshot();
      const { failure, failures, open, attempts } = context;
      const flow = { rttMs: traffic.rttMs(), loss: traffic.loss(), queued: traffic.queued() };
      return { phase: value, dials, choice, failure, failures, open, attempts, ...flow };
    },
    async close(code) {
      actor.send({ type: 'FORGOTTEN' });
      await traffic.hangUp(code);
    },
  };

  function refusalOf(resume: ResumeFrame): CloseCode | null {
    if (actor.getSnapshot().status === 'done') return 'not-introduced';
    if (resume.version !== VERSION) return 'malformed';
    return traffic.isCarrying(resume.epoch) && resume.attempt <= connectionNumber ? 'superseded' : null;
  }
}

const hasRoutes = (lanes: readonly CarrierLane[]): boolean => lanes.some(({ routes }) => routes.length > 0);

/** Starts the work and returns a function that aborts it. */
function abortable(work: (signal: AbortSignal) => Promise<void>): () => void {
  const aborted = new AbortController();
  void work(aborted.signal);
  return () => aborted.abort();
}

/** The schedule in the form in which XState takes its timers. */
const machineClock = (schedule: Schedule) => ({
  setTimeout: (run: () => void, delayMs: number) => schedule(delayMs, run),
  clearTimeout: (cancel: () => void) => cancel(),
});
