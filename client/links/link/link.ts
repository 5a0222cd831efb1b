// The link to one peer device: its state machine, its dialling and its traffic. It is independent of other links.
import { createActor } from 'xstate';
import type { CarrierChoice, CarrierKind } from '../carrier.js';
import type { Channel } from '../handshake/channel.js';
import {
  type CarrierLane,
  type CarrierRoute,
  createEstablisher,
  type Established,
  hasRoutes,
} from './establish.js';
import { type Failure, failure, failureAt, type LinkResult } from '../failure.js';
import { type CloseCode, type ResumeFrame, VERSION } from '../session/frames.js';
import { STALL_WITHIN_MS } from '../limits.js';
import { type LinkAttempt, type Driver, linkMachine, machineClock } from './machine.js';
import type { Link, LinkOptions } from './port.js';
import { fullSize } from '../handshake/connect.js';
import { createImprover } from './improver.js';
import { createStalls } from './stalls.js';
import { createTraffic, type LostChannel } from '../session/traffic.js';

/** Whether the device with the key `own` dials: the device with the smaller key dials, and the other device waits. */
export function isDialler(own: Buffer, other: Buffer): boolean {
  return Buffer.compare(own, other) < 0;
}

export function createLink(options: LinkOptions): Link {
  const { key, publicKey, clock, schedule, random } = options;
  const dials = isDialler(key.publicKey, publicKey);
  let choice: CarrierChoice = 'auto';
  // Reports that the present connection was lost. The report is delayed while resume frames are exchanged over a better carrier,
  // because the better connection may replace the lost one.
  let reportLoss: (() => void) | null = null;
  const stalls = createStalls(clock);

  const driver: Driver = {
    dial: () => abortable(dialOnce),
    improve: () => (dials ? abortable((signal) => improver.run(signal)) : () => undefined),
  };
  const actor = createActor(linkMachine, { input: { dials, driver }, clock: machineClock(schedule) });
  const traffic = createTraffic({
    epoch: options.ids.next(),
    clock,
    schedule,
    onMessages: options.onMessages,
    onRestarted() {
      // The peer is a new process, so the silence came from the end of the old process and not from a stalled carrier.
      stalls.clear();
      return options.onRestarted();
    },
    onWritable: options.onWritable,
    nextTryMs() {
      const at = dials ? improver.nextTryAt() : null;
      return at === null ? null : Math.max(0, at - clock.now());
    },
    onPing: (ping) => improver.pinged(ping),
    onLost(lost) {
      noteStall(lost);
      const { failure, wasUseful } = lost;
      const at = clock.now();
      const report = (): void => actor.send({ type: 'LOST', at, failure, wasUseful, draw: random() });
      if (establisher.isResuming) reportLoss = report;
      else report();
    },
  });

  /**
   * Records a stall of the carrier whose connection was lost, if the next connection over this carrier would probably be lost in
   * the same way.
   */
  function noteStall({ failure: lost, wasUseful, wasDoubted }: LostChannel): void {
    const { open } = actor.getSnapshot().context;
    if (open === null) return;
    const { carrier, via } = open;
    const durationMs = clock.now() - open.at;
    stalls.carried(carrier, durationMs);
    // The relay is never avoided, because it is the last resort.
    if (carrier === 'relay') return;
    const reportStall = (): void => {
      const stalled = failureAt(via, failure('stalled', lost.detail ?? lost.code));
      actor.send({ type: 'TRIED', attempt: attemptOf(carrier, via, stalled) });
    };
    if (lost.code === 'corrupted') {
      stalls.add(carrier);
      reportStall();
      return;
    }
    const isSilent = lost.code === 'timeout' && durationMs < STALL_WITHIN_MS && !wasDoubted;
    const isCut = lost.code === 'closed' && !wasUseful;
    if (!isSilent && !isCut) return;
    stalls.suspect(carrier, reportStall);
    void acquitIfOffline();
  }

  async function acquitIfOffline(): Promise<void> {
    if ((await options.isOnline()) === false) stalls.acquit();
  }

  /** The carriers that are better than the present carrier. */
  function betterLanes(): readonly CarrierLane[] {
    const lanes = options.lanes();
    const present = lanes.findIndex(({ carrier }) => carrier === actor.getSnapshot().context.open?.carrier);
    return choice === 'auto' ? lanes.slice(0, Math.max(0, present)) : [];
  }

  function attemptOf(carrier: CarrierKind, via: string, failure: Failure | null): LinkAttempt {
    return { at: clock.now(), carrier, via, failure };
  }

  function reportFailure(route: CarrierRoute, failure: Failure): void {
    actor.send({ type: 'TRIED', attempt: attemptOf(route.carrier, route.to, failure) });
  }

  function open(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void {
    stalls.reached(carrier);
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
    settle(established, signal, (reason) => {
      stalls.acquit();
      actor.send({ type: 'FAILED', at: clock.now(), failure: reason, draw: random() });
    });
  }

  const improver = createImprover({
    clock,
    schedule,
    stalls,
    dials,
    better: betterLanes,
    async attempt(lanes, signal) {
      const established = await establisher.establish(lanes, signal);
      const report = reportLoss;
      reportLoss = null;
      const { open } = actor.getSnapshot().context;
      if (!established.ok && open !== null && report === null && traffic.isHeard())
        stalls.reached(open.carrier);
      settle(established, signal, () => report?.());
    },
  });

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
      improver.restart();
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
      if (value === 'open') improver.skip();
      else if (value === 'waiting') actor.send({ type: 'INTRODUCED' });
    },
    status() {
      const { value, context } = actor.getSnapshot();
      const { failure, failures, open, attempts } = context;
      const flow = { rttMs: traffic.rttMs(), loss: traffic.loss(), queued: traffic.queued() };
      const nextBetterAt = dials ? improver.nextTryAt() : choice === 'auto' ? improver.peerNextTryAt() : null;
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
