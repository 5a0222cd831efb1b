// All links of this device: who may link, over which carriers, and what comes and goes. It carries bytes and reads none.
import { isDeepStrictEqual } from 'node:util';
import Emittery from 'emittery';
import type { Clock } from '../../core/time/clock.js';
import { invariant } from '../../core/errors.js';
import type { DeviceId, Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import type { Candidate, Carrier, CarrierChoice, CarrierKind } from './carrier.js';
import { type Failure, failureAt, type LinkResult } from './failure.js';
import { type AcceptedPeer, createAcceptor } from './handshake/accept.js';
import { HEAD_START_MS, STAGGER_MS, TICK_MS } from './limits.js';
import { type CarrierLane, createLink, isDialler, type Link } from './link/link.js';
import { type LinkListing, type LinkSummary, summaryOf } from './listing.js';

/** Where a device may be reached, by carrier. */
export type Addresses = Readonly<Partial<Record<CarrierKind, readonly Candidate[]>>>;

/** A device as the tracker's signed introduction describes it; the signature has been checked. */
export interface Introduction {
  readonly id: DeviceId;
  /** 32 bytes; the only key this device may prove. */
  readonly publicKey: Buffer;
  readonly candidates: Addresses;
}

export interface LinkEvents {
  /** A link came into another state, or has another reason for it. A redial after a failed one is no news. */
  readonly state: LinkSummary;
  /**
   * Payloads of one peer, each exactly once and in order, as many as came together. They are acknowledged when all
   * listeners have resolved, and no more than the window comes before. The buffers are views: copy what you keep.
   */
  readonly messages: { readonly device: DeviceId; readonly payloads: readonly Buffer[] };
  /** The peer is a new process: what it had not confirmed above is forgotten here, queued or not. Send it again. */
  readonly restarted: { readonly device: DeviceId };
  /** There is room again after `send` said `full`. */
  readonly writable: { readonly device: DeviceId };
  /** Someone at the door was turned away before it was clear who. */
  readonly refused: { readonly carrier: CarrierKind; readonly reason: Failure };
}

export interface LinksOptions {
  readonly key: SigningKey;
  /** The preferred ones first. */
  readonly carriers: readonly Carrier[];
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
}

export interface Links {
  readonly events: Pick<Emittery<LinkEvents>, 'on' | 'once' | 'off'>;
  /** Starts listening on all carriers; called again, on those on which that has failed. Rejects with the system's error. */
  listen(): Promise<void>;
  /** Where others may reach this device now; nowhere before it listens. */
  addresses(): Addresses;
  /** Where others may reach this device from outside its NAT, as the tracker's reflector at these ports tells. */
  reflexiveAddresses(ports: readonly number[]): Promise<Addresses>;
  /** From now on a link to this device is wanted and kept up. Idempotent; refreshes its candidates. */
  introduce(introduction: Introduction): void;
  /**
   * What is to carry the link to this device, introduced or yet to be: `auto` unless told. Anything else is the one that is used,
   * whichever side dials, and what is sent waits until it works.
   */
  choose(device: DeviceId, choice: CarrierChoice): void;
  /** There is reason to doubt the links, such as another address of this device: who does not answer soon is dialled anew. */
  recheck(): void;
  /** The link is closed, and the device is a stranger again. */
  forget(device: DeviceId): Promise<void>;
  /**
   * Queues bytes for a device, open or not. `full`: not taken, wait for `writable`; `unknown`: not introduced.
   * Throws beyond `PAYLOAD_LIMIT_BYTES`. The bytes must not change afterwards.
   */
  send(device: DeviceId, bytes: Uint8Array): 'taken' | 'full' | 'unknown';
  list(): readonly LinkListing[];
  close(): Promise<void>;
}

interface Peer {
  introduction: Introduction;
  readonly dials: boolean;
  readonly link: Link;
  shown: LinkSummary;
  sentBytes: number;
  receivedBytes: number;
  /** Ends what is done so that the device can come in; null when nothing is. */
  unexpect: AbortController | null;
}

/** Nothing listens or dials before `listen` and `introduce`. */
export function createLinks(options: LinksOptions): Links {
  const { key, carriers, clock, log } = options;
  const events = new Emittery<LinkEvents>();
  const peers = new Map<DeviceId, Peer>();
  const choices = new Map<DeviceId, CarrierChoice>();

  const tell = async <K extends keyof LinkEvents>(name: K, event: LinkEvents[K]): Promise<void> => {
    try {
      await events.emit(name, event);
    } catch (error) {
      log.error({ error, event: name }, 'a listener to links failed');
    }
  };

  // One for each carrier: who crowds one of them leaves the others open.
  const entrances = carriers.map((carrier) => ({ carrier, door: createAcceptor<Peer>({ key, findPeer }) }));
  const listening = new Set<Carrier>();

  // Of each pair only one side dials, so two carriers of a pair always come from the same side, which counts them.
  function findPeer(publicKey: Buffer): Peer | null {
    const isThat = (peer: Peer): boolean => !peer.dials && peer.introduction.publicKey.equals(publicKey);
    return [...peers.values()].find(isThat) ?? null;
  }

  // Devices that the broker vouches for are an origin each once they are introduced; all others together are one.
  const crowdOf = (carrier: CarrierKind, origin: string): string =>
    carrier !== 'relay' || [...peers.keys()].some((device) => device === origin) ? origin : 'strangers';

  const enter = async (
    carrier: CarrierKind,
    from: string,
    arrival: Promise<LinkResult<AcceptedPeer<Peer>>>,
  ): Promise<void> => {
    const arrived = await arrival;
    if (arrived.ok) {
      const { peer, channel, resume } = arrived.value;
      peer.link.adopt(channel, resume, carrier, from);
      return;
    }
    const reason = failureAt(from, arrived.failure);
    log.debug({ carrier, reason }, 'turned away at the door');
    await tell('refused', { carrier, reason });
  };

  const lanesTo = (device: DeviceId): readonly CarrierLane[] =>
    carriers.map((carrier) => {
      const { kind } = carrier;
      const candidates = peers.get(device)?.introduction.candidates[kind] ?? [];
      const routes = carrier.routes({ device, candidates }).map((route) => ({
        carrier: kind,
        to: route.to,
        connect: (signal: AbortSignal) => route.connect(signal),
      }));
      return { carrier: kind, routes, staggerMs: STAGGER_MS[kind], afterMs: HEAD_START_MS[kind] };
    });

  // Only who waits to be dialled does so: whoever dials opens the way by that.
  const expect = (peer: Peer): void => {
    peer.unexpect?.abort();
    peer.unexpect = new AbortController();
    const { id: device, candidates } = peer.introduction;
    const { choice } = peer.link.status();
    for (const carrier of carriers.filter(({ kind }) => choice === 'auto' || choice === kind))
      carrier.expect?.({ device, candidates: candidates[carrier.kind] ?? [] }, peer.unexpect.signal);
  };

  const expectAsNeeded = (peer: Peer): void => {
    const { phase, open } = peer.link.status();
    const isWanted = !peer.dials && phase !== 'closed' && (open === null || open.carrier === 'relay');
    if (!isWanted) {
      peer.unexpect?.abort();
      peer.unexpect = null;
    } else if (peer.unexpect === null) expect(peer);
  };

  const show = (device: DeviceId): void => {
    const peer = peers.get(device);
    if (peer === undefined) return;
    expectAsNeeded(peer);
    const next = summaryOf(device, peer.link.status(), clock.now());
    const last = peer.shown;
    peer.shown = next.state === last.state ? { ...next, since: last.since } : next;
    const isNews =
      next.state !== last.state || next.carrier !== last.carrier || next.reason.code !== last.reason.code;
    if (isNews) void tell('state', peer.shown);
  };

  const meet = (introduction: Introduction): Peer => {
    const { id: device, publicKey } = introduction;
    const link = createLink({
      publicKey,
      key,
      clock,
      ids: options.ids,
      random: options.random,
      lanes: () => lanesTo(device),
      onChanged: () => show(device),
      onMessages: (payloads) => {
        const peer = peers.get(device);
        if (peer !== undefined) peer.receivedBytes += bytesOf(payloads);
        return tell('messages', { device, payloads });
      },
      onRestarted: () => tell('restarted', { device }),
      onWritable: () => void tell('writable', { device }),
    });
    link.choose(choices.get(device) ?? 'auto');
    const shown = summaryOf(device, link.status(), clock.now());
    const dials = isDialler(key.publicKey, publicKey);
    return { introduction, dials, link, shown, sentBytes: 0, receivedBytes: 0, unexpect: null };
  };

  const ticking = setInterval(() => {
    for (const { link } of peers.values()) link.tick();
  }, TICK_MS);
  ticking.unref();

  const forget = async (device: DeviceId): Promise<void> => {
    const peer = peers.get(device);
    if (peer === undefined) return;
    const closed = peer.link.close('leaving');
    peer.unexpect?.abort();
    peers.delete(device);
    await closed;
  };

  return {
    events,
    async listen() {
      // All have begun, or failed, when it is told that one has failed.
      const begun = await Promise.allSettled(
        entrances.map(async ({ carrier, door }) => {
          if (listening.has(carrier)) return;
          await carrier.listen(
            (raw, from, origin) =>
              void enter(carrier.kind, from, door.enter(raw, crowdOf(carrier.kind, origin))),
          );
          listening.add(carrier);
        }),
      );
      for (const one of begun) if (one.status === 'rejected') throw one.reason;
    },
    addresses: () => Object.fromEntries(carriers.map((carrier) => [carrier.kind, carrier.addresses()])),
    async reflexiveAddresses(ports) {
      const addresses: Partial<Record<CarrierKind, readonly Candidate[]>> = {};
      for (const carrier of carriers)
        addresses[carrier.kind] = (await carrier.reflexiveAddresses?.(ports)) ?? [];
      return addresses;
    },
    introduce(introduction) {
      const { id: device, publicKey, candidates } = introduction;
      invariant(publicKey.length === 32, 'a device has a key of 32 bytes');
      invariant(!publicKey.equals(key.publicKey), 'a device does not link to itself');
      const known = peers.get(device);
      if (known === undefined) {
        const peer = meet(introduction);
        peers.set(device, peer);
        expectAsNeeded(peer);
        peer.link.introduce();
        void tell('state', peer.shown);
        return;
      }
      invariant(publicKey.equals(known.introduction.publicKey), 'a device keeps its key: its id is the key');
      const isNews = !isDeepStrictEqual(known.introduction.candidates, candidates);
      known.introduction = introduction;
      // Anew, for the device may be about to come.
      if (known.unexpect !== null) expect(known);
      // It may have moved.
      if (isNews) known.link.recheck();
      if (isNews || known.link.status().phase === 'waiting') known.link.introduce();
    },
    recheck() {
      for (const { link } of peers.values()) link.recheck();
    },
    choose(device, choice) {
      choices.set(device, choice);
      const peer = peers.get(device);
      if (peer === undefined || peer.link.status().choice === choice) return;
      peer.link.choose(choice);
      if (peer.unexpect !== null) expect(peer);
    },
    forget,
    send(device, bytes) {
      const peer = peers.get(device);
      if (peer === undefined) return 'unknown';
      if (!peer.link.send(bytes)) return 'full';
      peer.sentBytes += bytes.length;
      return 'taken';
    },
    list: () =>
      [...peers.values()].map(({ link, shown, sentBytes, receivedBytes }) => {
        const { rttMs, loss, queued, attempts } = link.status();
        return { ...shown, rttMs, loss, queued, sentBytes, receivedBytes, attempts };
      }),
    async close() {
      clearInterval(ticking);
      for (const { door } of entrances) door.close();
      await Promise.all([...peers.keys()].map(forget));
      await Promise.all(carriers.map((carrier) => carrier.close()));
    },
  };
}

const bytesOf = (payloads: readonly Buffer[]): number =>
  payloads.reduce((sum, { length }) => sum + length, 0);
