// One link: runs the machine of one peer device, dials when it says so, and lets the traffic flow. Knows no other device.
import { createActor } from 'xstate';
import type { Clock } from '../../../core/time/clock.js';
import type { Ids } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { CarrierChoice, CarrierKind, Route } from '../carrier.js';
import { type Channel, createChannel } from '../handshake/channel.js';
import { dial, type Lane } from './dial.js';
import { type Failure, failure, type LinkResult } from '../failure.js';
import { type CloseCode, type ResumeFrame, VERSION } from '../session/frames.js';
import { IMPROVE_MAX_MS, IMPROVE_MIN_MS } from '../limits.js';
import { type LinkAttempt, type Driver, type LinkContext, linkMachine } from './machine.js';
import { exchangeGreetings, connectRoute } from '../handshake/connect.js';
import { createRestartableBackoff } from './backoff.js';
import { createTraffic } from '../session/traffic.js';

/** A route and the carrier it belongs to. */
export interface CarrierRoute extends Route {
  readonly carrier: CarrierKind;
}

/** What one carrier has to offer. */
export interface CarrierLane extends Lane<CarrierRoute> {
  readonly carrier: CarrierKind;
}

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
  /** Dials, or dials anew, unless the other side is to dial; where the link is open, a better carrier is tried soon. */
  introduce(): void;
  /** What is to carry the link from now on; a carrier that is not wanted any more is closed. */
  choose(choice: CarrierChoice): void;
  /** Takes over a carrier the peer has opened, with the first thing it said. */
  adopt(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Once every `TICK_MS`. */
  tick(): void;
  /** Loses the carrier, if there is one, unless the peer is heard soon. */
  recheck(): void;
  status(): LinkStatus;
  /** For good. Resolves when the carrier is closed. */
  close(code: CloseCode): Promise<void>;
}

export interface LinkStatus
  extends Pick<LinkContext, 'dials' | 'failure' | 'failures' | 'open' | 'attempts'> {
  readonly choice: CarrierChoice;
  readonly phase: 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';
  /** Smoothed, in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** The share of its packets that is lost, 0 to 1; null where that is not known. */
  readonly loss: number | null;
  /** Payloads not yet acknowledged. */
  readonly queued: number;
}

/** A way to the device on which both ends have greeted. */
interface Established {
  readonly channel: Channel;
  readonly resume: ResumeFrame;
  readonly route: CarrierRoute;
}

/** Of two keys, the smaller one's device dials and the other waits. */
export function isDialler(own: Buffer, other: Buffer): boolean {
  return Buffer.compare(own, other) < 0;
}

export function createLink(options: LinkOptions): Link {
  const { key, publicKey, clock, random } = options;
  const dials = isDialler(key.publicKey, publicKey);
  // Of the carriers of this pair, counted by the side that dials.
  let attempt = 0;
  let choice: CarrierChoice = 'auto';
  // While a better carrier greets, the one before it may end: it may have been superseded by that.
  let isGreeting = false;
  let lostMeanwhile: (() => void) | null = null;
  const pauses = createRestartableBackoff({ shortestMs: IMPROVE_MIN_MS, longestMs: IMPROVE_MAX_MS });

  const driver: Driver = {
    dial: () => whileWanted(dialOnce),
    improve: () => (dials ? whileWanted(improve) : () => undefined),
  };
  const actor = createActor(linkMachine, { input: { dials, driver } });
  const traffic = createTraffic({
    epoch: options.ids.next(),
    clock,
    onMessages: options.onMessages,
    onRestarted: options.onRestarted,
    onWritable: options.onWritable,
    onLost(failure, wasUseful) {
      const tell = (): void => actor.send({ type: 'LOST', failure, wasUseful, draw: random() });
      if (isGreeting) lostMeanwhile = tell;
      else tell();
    },
  });

  function attempted(carrier: CarrierKind, via: string, failure: Failure | null): LinkAttempt {
    return { at: clock.now(), carrier, via, failure };
  }

  function tried(route: CarrierRoute, failure: Failure): void {
    actor.send({ type: 'TRIED', attempt: attempted(route.carrier, route.to, failure) });
  }

  function open(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void {
    actor.send({ type: 'CONNECTED', attempt: attempted(carrier, via, null) });
    traffic.carry(channel, resume);
  }

  const isWanted = (carrier: CarrierKind): boolean => choice === 'auto' || choice === carrier;

  // The first way to the device that both sides want; what the other side does not want is left out.
  async function establish(
    lanes: readonly CarrierLane[],
    signal: AbortSignal,
  ): Promise<LinkResult<Established>> {
    for (let left = lanes; ; ) {
      const reached = await dial({
        lanes: left,
        attempt: (route, unwanted) => connectRoute(route, key, publicKey, unwanted),
        onFailed: tried,
        discard: ({ stream }) => stream.destroy(),
        signal,
      });
      if (!reached.ok) return reached;
      const { route, value: secured } = reached.value;
      const channel = createChannel(secured);
      attempt += 1;
      isGreeting = true;
      const answer = await exchangeGreetings(channel, traffic.greeting(attempt), signal);
      isGreeting = false;
      if (answer.ok) return { ok: true, value: { channel, resume: answer.value, route } };
      tried(route, answer.failure);
      left = left.filter(({ carrier }) => carrier !== route.carrier);
      if (answer.failure.code !== 'unwanted' || !hasRoutes(left)) return answer;
    }
  }

  async function dialOnce(signal: AbortSignal): Promise<void> {
    const lanes = options.lanes().filter(({ carrier }) => isWanted(carrier));
    const established: LinkResult<Established> =
      choice === 'auto' || hasRoutes(lanes)
        ? await establish(lanes, signal)
        : {
            ok: false,
            failure: failure('unreachable', `no address for ${choice}, and nothing else is wanted`),
          };
    settle(established, signal, (reason) => actor.send({ type: 'FAILED', failure: reason, draw: random() }));
  }

  async function improve(signal: AbortSignal): Promise<void> {
    pauses.renew();
    while (await pauses.next(signal)) {
      const lanes = options.lanes();
      const present = lanes.findIndex(({ carrier }) => carrier === actor.getSnapshot().context.open?.carrier);
      const better = choice === 'auto' ? lanes.slice(0, Math.max(0, present)) : [];
      if (!hasRoutes(better)) continue;
      const established = await establish(better, signal);
      const tellLoss = lostMeanwhile;
      lostMeanwhile = null;
      settle(established, signal, () => tellLoss?.());
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
      pauses.renew();
      actor.send({ type: 'INTRODUCED' });
    },
    choose(next) {
      if (next === choice) return;
      choice = next;
      const { value, context } = actor.getSnapshot();
      if (context.open !== null) {
        if (isWanted(context.open.carrier)) return;
        void traffic.hangUp('unwanted');
      }
      const isBegun = value !== 'idle' || context.failure !== null;
      if (isBegun) actor.send({ type: 'RECHOSEN' });
    },
    adopt(channel, resume, carrier, via) {
      const refusal = isWanted(carrier) ? refusalOf(resume) : 'unwanted';
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
    return traffic.isCarrying(resume.epoch) && resume.attempt <= attempt ? 'superseded' : null;
  }
}

const hasRoutes = (lanes: readonly CarrierLane[]): boolean => lanes.some(({ routes }) => routes.length > 0);

/** Gives what aborts it. */
function whileWanted(work: (signal: AbortSignal) => Promise<void>): () => void {
  const unwanted = new AbortController();
  void work(unwanted.signal);
  return () => unwanted.abort();
}
