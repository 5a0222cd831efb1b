// All links of this device: the introduced devices, the carriers, and the payloads sent and received. It does not read payloads.
import { isDeepStrictEqual } from 'node:util';
import Emittery from 'emittery';
import type { Clock, Schedule } from '../../core/time/clock.js';
import { every } from '../../core/time/wait.js';
import { invariant } from '../../core/errors.js';
import type { DeviceId, Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import { createShutdownStack } from '../../core/shutdown-stack.js';
import type { Candidate, Carrier, CarrierChoice, CarrierKind } from './carrier.js';
import { type Failure, failureAt, type LinkResult } from './failure.js';
import { type AcceptedPeer, createAcceptor } from './handshake/accept.js';
import type { Addresses, Introduction } from './introduction.js';
import { HEAD_START_MS, STAGGER_MS, TICK_MS } from './limits.js';
import type { CarrierLane } from './link/establish.js';
import { createLink, isDialler } from './link/link.js';
import type { Link } from './link/port.js';
import { askServers } from './servers.js';
import { type LinkListing, type LinkSummary, summaryOf } from './listing.js';

export interface LinkEvents {
  /** A link changed its state, its carrier or its reason. A redial that follows a failed dial is not reported. */
  readonly state: LinkSummary;
  /**
   * Payloads from one peer that arrived together, each exactly once and in order. They are acknowledged when all listeners have
   * resolved. Until then at most `WINDOW_BYTES` of payloads arrive. The buffers are views of a larger buffer: copy them to keep
   * them.
   */
  readonly messages: { readonly device: DeviceId; readonly payloads: readonly Buffer[] };
  /** The peer is a new process. Payloads sent to the old process are lost. Send again what the new process needs. */
  readonly restarted: { readonly device: DeviceId };
  /** The queue has space again after `send` returned `full`. */
  readonly writable: { readonly device: DeviceId };
  /** An incoming connection was refused before its device was known. */
  readonly refused: { readonly carrier: CarrierKind; readonly reason: Failure };
}

export interface LinksOptions {
  readonly key: SigningKey;
  /** Preferred carriers first. */
  readonly carriers: readonly Carrier[];
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly ids: Ids;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
}

export interface Links {
  readonly events: Pick<Emittery<LinkEvents>, 'on' | 'once' | 'off'>;
  /** Listens on all carriers that do not listen yet. Waits for all of them; rejects with the system's error if one failed. */
  listen(): Promise<void>;
  /** Addresses at which others may reach this device now; empty before it listens. */
  addresses(): Addresses;
  /** Addresses of this device as seen from outside its NAT, reported by the tracker's reflector at these ports. */
  reflexiveAddresses(ports: readonly number[]): Promise<Addresses>;
  /** Maintains a link to this device from now on. Idempotent; a later call updates the candidates of the device. */
  introduce(introduction: Introduction): void;
  /**
   * Sets the carrier for the link to this device, even before the device is introduced. The default is `auto`. With any other
   * choice only this carrier is used, whichever side dials, and payloads wait until this carrier works.
   */
  choose(device: DeviceId, choice: CarrierChoice): void;
  /** Tests all links. A peer that does not answer soon is dialled again. */
  recheck(): void;
  /** Tries now to connect, or to use a better carrier. If the peer is the side that dials, asks the peer to do it. */
  retry(device: DeviceId): void;
  /** Closes the link and removes the introduction of the device. Resolves when the link is closed. */
  forget(device: DeviceId): Promise<void>;
  /**
   * Queues a payload for a device. `full`: wait for `writable`. `unknown`: the device is not introduced. Throws beyond
   * `PAYLOAD_LIMIT_BYTES`. The bytes must not change afterwards.
   */
  send(device: DeviceId, bytes: Uint8Array): 'taken' | 'full' | 'unknown';
  /** The present connection of the link to a device; null for a device that is not introduced. */
  connection(device: DeviceId): ReturnType<Link['connection']> | null;
  list(): readonly LinkListing[];
  close(): Promise<void>;
}

interface IntroducedDevice {
  introduction: Introduction;
  readonly dials: boolean;
  readonly link: Link;
  shown: LinkSummary;
  sentBytes: number;
  receivedBytes: number;
  /** Ends the hole punching for this device; null while no hole punching is in progress. */
  punching: AbortController | null;
}

/** Creates the links. They accept connections after `listen`, and dial a device after `introduce`. */
export function createLinks(options: LinksOptions): Links {
  const { key, carriers, clock, schedule, log } = options;
  const events = new Emittery<LinkEvents>();
  const peers = new Map<DeviceId, IntroducedDevice>();
  const choices = new Map<DeviceId, CarrierChoice>();
  const emit = <K extends keyof LinkEvents>(name: K, event: LinkEvents[K]): Promise<void> =>
    events
      .emit(name, event)
      .catch((error: unknown) => log.error({ error, event: name }, 'a listener for events of links failed'));

  // Each carrier has its own acceptor. Thus a flood of connections over one carrier does not block the other carriers.
  const acceptors = carriers.map((carrier) => ({
    carrier,
    acceptor: createAcceptor<IntroducedDevice>({ key, schedule, findPeer }),
  }));
  const listening = new Set<Carrier>();

  // Finds the introduced device with this key. Devices that this side dials are left out: only one side of each pair dials,
  // because it numbers the connections.
  function findPeer(publicKey: Buffer): IntroducedDevice | null {
    const isThat = (peer: IntroducedDevice): boolean =>
      !peer.dials && peer.introduction.publicKey.equals(publicKey);
    return [...peers.values()].find(isThat) ?? null;
  }

  // The origin for the connection limits. The broker verifies device ids. So each introduced device is a separate origin over the
  // broker, and all other devices together are one origin.
  const originOf = (carrier: CarrierKind, origin: string): string =>
    carrier !== 'relay' || [...peers.keys()].some((device) => device === origin) ? origin : 'strangers';

  const accept = async (
    carrier: CarrierKind,
    from: string,
    pending: Promise<LinkResult<AcceptedPeer<IntroducedDevice>>>,
  ): Promise<void> => {
    const accepted = await pending;
    if (accepted.ok) {
      const { peer, channel, resume } = accepted.value;
      peer.link.adopt(channel, resume, carrier, from);
      return;
    }
    const reason = failureAt(from, accepted.failure);
    log.debug({ carrier, reason }, 'an incoming connection was refused');
    await emit('refused', { carrier, reason });
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

  // Only the side that waits for a connection punches. The other side needs no punches, because its dialling opens its own NAT.
  const punch = (peer: IntroducedDevice): void => {
    peer.punching?.abort();
    peer.punching = new AbortController();
    const { id: device, candidates } = peer.introduction;
    const { choice } = peer.link.status();
    for (const carrier of carriers.filter(({ kind }) => choice === 'auto' || choice === kind))
      carrier.punch?.({ device, candidates: candidates[carrier.kind] ?? [] }, peer.punching.signal);
  };

  const punchIfNeeded = (peer: IntroducedDevice): void => {
    const { phase, open } = peer.link.status();
    const isNeeded = !peer.dials && phase !== 'closed' && (open === null || open.carrier === 'relay');
    if (!isNeeded) {
      peer.punching?.abort();
      peer.punching = null;
    } else if (peer.punching === null) punch(peer);
  };

  const show = (device: DeviceId): void => {
    const peer = peers.get(device);
    if (peer === undefined) return;
    punchIfNeeded(peer);
    const next = summaryOf(device, peer.link.status(), clock.now());
    const last = peer.shown;
    peer.shown = next.state === last.state ? { ...next, since: last.since } : next;
    const hasChanged =
      next.state !== last.state || next.carrier !== last.carrier || next.reason.code !== last.reason.code;
    if (hasChanged) void emit('state', peer.shown);
  };

  const createDevice = (introduction: Introduction): IntroducedDevice => {
    const { id: device, publicKey } = introduction;
    const link = createLink({
      publicKey,
      key,
      clock,
      schedule,
      ids: options.ids,
      random: options.random,
      lanes: () => lanesTo(device),
      isOnline: () => askServers(carriers, schedule),
      onChanged: () => show(device),
      onMessages: (payloads) => {
        const peer = peers.get(device);
        if (peer !== undefined) peer.receivedBytes += bytesOf(payloads);
        return emit('messages', { device, payloads });
      },
      onRestarted: () => emit('restarted', { device }),
      onWritable: () => void emit('writable', { device }),
    });
    link.choose(choices.get(device) ?? 'auto');
    const shown = summaryOf(device, link.status(), clock.now());
    const dials = isDialler(key.publicKey, publicKey);
    return { introduction, dials, link, shown, sentBytes: 0, receivedBytes: 0, punching: null };
  };

  const stopTicking = every(schedule, TICK_MS, () => {
    for (const { link } of peers.values()) link.tick();
  });

  const forget = async (device: DeviceId): Promise<void> => {
    const peer = peers.get(device);
    if (peer === undefined) return;
    const closed = peer.link.close('leaving');
    peer.punching?.abort();
    peers.delete(device);
    await closed;
  };

  return {
    events,
    async listen() {
      const started = await Promise.allSettled(
        acceptors.map(async ({ carrier, acceptor }) => {
          if (listening.has(carrier)) return;
          await carrier.listen(
            (raw, from, origin) =>
              void accept(carrier.kind, from, acceptor.accept(raw, originOf(carrier.kind, origin))),
          );
          listening.add(carrier);
        }),
      );
      for (const one of started) if (one.status === 'rejected') throw one.reason;
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
        const peer = createDevice(introduction);
        peers.set(device, peer);
        punchIfNeeded(peer);
        peer.link.introduce();
        void emit('state', peer.shown);
        return;
      }
      invariant(publicKey.equals(known.introduction.publicKey), 'a device keeps its key: its id is the key');
      const hasMoved = !isDeepStrictEqual(known.introduction.candidates, candidates);
      known.introduction = introduction;
      // Start punching again from the fast punches, because the device may connect soon.
      if (known.punching !== null) punch(known);
      if (hasMoved) known.link.recheck();
      if (hasMoved || known.link.status().phase === 'waiting') known.link.introduce();
    },
    recheck: () => peers.forEach(({ link }) => link.recheck()),
    choose(device, choice) {
      choices.set(device, choice);
      const peer = peers.get(device);
      if (peer === undefined || peer.link.status().choice === choice) return;
      peer.link.choose(choice);
      if (peer.punching !== null) punch(peer);
    },
    retry: (device) => peers.get(device)?.link.retry(),
    forget,
    send(device, bytes) {
      const peer = peers.get(device);
      if (peer === undefined) return 'unknown';
      if (!peer.link.send(bytes)) return 'full';
      peer.sentBytes += bytes.length;
      return 'taken';
    },
    connection: (device) => peers.get(device)?.link.connection() ?? null,
    list: () =>
      [...peers.values()].map(({ link, shown, sentBytes, receivedBytes }) => {
        const { rttMs, loss, queued, attempts, nextTryAt } = link.status();
        return { ...shown, rttMs, loss, queued, sentBytes, receivedBytes, attempts, nextTryAt };
      }),
    async close() {
      const shutdown = createShutdownStack();
      for (const carrier of carriers) shutdown.add(() => carrier.close());
      shutdown.add(async () => void (await Promise.all([...peers.keys()].map(forget))));
      for (const { acceptor } of acceptors) shutdown.add(() => acceptor.close());
      shutdown.add(stopTicking);
      await shutdown.close();
    },
  };
}

const bytesOf = (payloads: readonly Buffer[]) => payloads.reduce((sum, { length }) => sum + length, 0);
