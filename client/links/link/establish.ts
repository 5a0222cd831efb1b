// The establishing of a connection: dials the routes of some carriers until one route carries full packets in both directions. It
// does not decide when to dial, and it does not keep the connection.
import type { SigningKey } from '../../../core/keys.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { CarrierKind, Route } from '../carrier.js';
import { type Failure, failureAt, type LinkResult } from '../failure.js';
import { type Channel, createChannel } from '../handshake/channel.js';
import { connectRoute, exchangeResumes } from '../handshake/connect.js';
import { FULL_SIZE_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS } from '../limits.js';
import type { ResumeFrame } from '../session/frames.js';
import { dial, type Lane } from './dial.js';
import type { Stalls } from './stalls.js';

/** A route and the carrier it belongs to. */
export interface CarrierRoute extends Route {
  readonly carrier: CarrierKind;
}

/** The routes of one carrier. */
export interface CarrierLane extends Lane<CarrierRoute> {
  readonly carrier: CarrierKind;
}

/** A connection on which both sides have sent their resume frames. */
export interface Established {
  readonly channel: Channel;
  readonly resume: ResumeFrame;
  readonly route: CarrierRoute;
}

export interface EstablisherOptions {
  /** The peer's key, 32 bytes. */
  readonly publicKey: Buffer;
  readonly key: SigningKey;
  readonly schedule: Schedule;
  readonly stalls: Stalls;
  /** The first frame for a new channel. */
  readonly greeting: (connectionNumber: number) => ResumeFrame;
  /** Called for each route that fails. */
  readonly onFailed: (route: CarrierRoute, failure: Failure) => void;
}

export interface Establisher {
  /** The number of connections that the dialling side has opened. It is the `attempt` of resume frames. */
  connectionNumber: number;
  /** Whether resume frames are being exchanged. */
  readonly isResuming: boolean;
  /**
   * Resolves with the first connection that works, over any of these carriers. Carriers that have stalled are tried only if all
   * other carriers fail.
   */
  establish(lanes: readonly CarrierLane[], signal: AbortSignal): Promise<LinkResult<Established>>;
}

export function createEstablisher(options: EstablisherOptions): Establisher {
  const { key, publicKey, schedule, stalls, onFailed } = options;
  let connectionNumber = 0;
  let isResuming = false;

  async function exchange(
    channel: Channel,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<LinkResult<ResumeFrame>> {
    connectionNumber += 1;
    isResuming = true;
    const greeting = options.greeting(connectionNumber);
    const answer = await exchangeResumes(channel, greeting, { schedule, limitMs }, signal);
    isResuming = false;
    return answer;
  }

  // Dials in rounds. If a carrier fails after its handshake, the next round leaves out this carrier.
  async function inRounds(
    lanes: readonly CarrierLane[],
    signal: AbortSignal,
  ): Promise<LinkResult<Established>> {
    for (let left = lanes; ; ) {
      const reached = await dial({
        lanes: left,
        schedule,
        connect: (route, aborted) => connectRoute(route, { key, publicKey, schedule }, aborted),
        onFailed,
        discard: ({ stream }) => stream.destroy(),
        signal,
      });
      if (!reached.ok) return reached;
      const { route, value: stream } = reached.value;
      left = left.filter(({ carrier }) => carrier !== route.carrier);
      const channel = createChannel(stream, schedule);
      const limitMs = hasRoutes(left) ? FULL_SIZE_TIMEOUT_MS : HANDSHAKE_TIMEOUT_MS;
      const answer = await exchange(channel, limitMs, signal);
      if (answer.ok) return { ok: true, value: { channel, resume: answer.value, route } };
      const isStalled = answer.failure.code === 'stalled';
      // The relay is never avoided, because it is the last resort.
      if (isStalled && route.carrier !== 'relay') stalls.suspect(route.carrier);
      onFailed(route, isStalled ? failureAt(route.to, answer.failure) : answer.failure);
      const isOfThisCarrier = isStalled || answer.failure.code === 'unwanted';
      if (!isOfThisCarrier || !hasRoutes(left)) return answer;
    }
  }

  return {
    get connectionNumber() {
      return connectionNumber;
    },
    set connectionNumber(next) {
      connectionNumber = next;
    },
    get isResuming() {
      return isResuming;
    },
    async establish(lanes, signal) {
      const preferred = lanes.filter(({ carrier }) => !stalls.isAvoided(carrier));
      const avoided = lanes.filter(({ carrier }) => stalls.isAvoided(carrier));
      if (!hasRoutes(preferred)) return inRounds(lanes, signal);
      const established = await inRounds(preferred, signal);
      const isLeft = !established.ok && !signal.aborted && hasRoutes(avoided);
      return isLeft ? inRounds(avoided, signal) : established;
    },
  };
}

export const hasRoutes = (lanes: readonly CarrierLane[]): boolean =>
  lanes.some(({ routes }) => routes.length > 0);
