// The UDP carrier: all streams over one port, which also makes hole punching through NATs possible. It trusts no datagram: no
// memory is used for an address until a proof shows that the sender receives packets there.
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import UDX, { type Stream } from 'udx-native';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import type { Log } from '../../../core/log.js';
import { type Origin, originOf } from '../../../core/origin.js';
import { reachableAddresses, formatAddress } from '../addresses.js';
import type { Candidate, Carrier, Incoming, RawStream, StreamEnds } from '../carrier.js';
import { failure, LinkError } from '../failure.js';
import {
  ROUTES_LIMIT,
  UDP_PROBE_INTERVAL_MS,
  UDP_PROBES,
  UDP_SLOW_PUNCH_INTERVAL_MS,
  UDP_PUNCHES_BEFORE_PROBES,
  UDP_FAST_PUNCHES,
} from '../limits.js';
import { createFailedConnectionLimiter } from '../admission/failed-connection-limiter.js';
import {
  type Datagram,
  decodeDatagram,
  encodeDatagram,
  type Probe,
  PROOF_BYTES,
  TOKEN_BYTES,
} from './datagrams.js';
import { findLocalAddress } from './local-address.js';
import { createReflexiveAddressQuery, reflectorAddresses } from './reflexive-address.js';
import { openUdpSockets, type UdpSockets } from './sockets.js';
import { udpDuplex } from './stream.js';

const PROOF_LIFE_MS = 10_000;
// The hop limit of punches: enough hops to leave the network of this device, too few to reach the network of the peer. A packet
// must not reach the peer's NAT before the peer has sent one. A Linux router without a firewall would treat this packet as
// addressed to the router, and would then map the peer's packets to another port.
const SHORT_TTL = 2;
const PUNCH = encodeDatagram({ kind: 'punch' });

export interface UdpOptions {
  /** The address to use; all interfaces by default. */
  readonly host?: string;
  /** The name or address of the tracker's reflector. Without it the carrier has no reflexive addresses. */
  readonly reflector?: string;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** A carrier over UDP. `listen` rejects with the system's error if no port is free. */
export function createUdpCarrier({ host, reflector, clock, schedule, log }: UdpOptions): Carrier {
  const udx = new UDX();
  const secret = randomBytes(32);
  const ids = new Set<number>();
  const duplexes = new Set<Duplex>();
  const streams = new Set<Stream>();
  // `outgoing`: the handlers of answers to the probes of this side, by token. `accepted`: the accepted streams, by address and
  // token.
  const outgoing = new Map<string, (answer: Datagram, from: Candidate) => void>();
  const accepted = new Map<string, { readonly duplex: Duplex; readonly answer: Buffer }>();
  const limiter = createFailedConnectionLimiter<Origin>(clock);
  const query = createReflexiveAddressQuery(schedule, (bytes, to) => open().send(bytes, to));
  let onIncoming: Incoming | null = null;
  let sockets: UdpSockets | null = null;
  let isClosed = false;

  function open(): UdpSockets {
    if (sockets !== null) return sockets;
    if (isClosed) throw new LinkError(failure('closed'));
    sockets = openUdpSockets({ udx, host, onMessage: receive, log });
    return sockets;
  }

  function sendDatagram(datagram: Datagram, to: Candidate): void {
    sockets?.send(encodeDatagram(datagram), to);
  }

  function newId(): number {
    for (;;) {
      const id = randomInt(1, 2 ** 32);
      if (ids.has(id)) continue;
      ids.add(id);
      return id;
    }
  }

  function connectStream(id: number, remoteId: number, to: Candidate): RawStream {
    const stream = udx.createStream(id);
    streams.add(stream);
    stream.on('close', () => {
      streams.delete(stream);
      ids.delete(id);
    });
    stream.connect(open().socketFor(to.ip), remoteId, to.port, to.ip);
    const duplex = udpDuplex(stream, to.ip, schedule);
    duplexes.add(duplex);
    duplex.once('close', () => duplexes.delete(duplex));
    let ends: StreamEnds | null = null;
    const { port } = open();
    const found = (ip: string): void => {
      ends = { local: { ip, port }, remote: to };
    };
    if (host === undefined || host === '::' || host === '0.0.0.0') findLocalAddress(to, found);
    else found(host);
    return Object.assign(duplex, { ends: () => ends });
  }

  function proofFor({ ip, port }: Candidate, token: string, age: number): string {
    const period = Math.floor(clock.now() / PROOF_LIFE_MS) - age;
    const mac = createHmac('sha256', secret).update(`${ip} ${port} ${token} ${period}`).digest();
    return mac.toString('hex', 0, PROOF_BYTES);
  }

  function answer(probe: Probe, from: Candidate, take: Incoming): void {
    const { token, stream, proof } = probe;
    const key = acceptedKey(from, token);
    const known = accepted.get(key);
    if (known !== undefined) {
      sockets?.send(known.answer, from);
      return;
    }
    if (proof === null || (proof !== proofFor(from, token, 0) && proof !== proofFor(from, token, 1))) {
      sendDatagram({ kind: 'challenge', token, proof: proofFor(from, token, 0) }, from);
      return;
    }
    const origin = originOf(from.ip);
    const reportClosed = limiter.admit(origin);
    // Ignore the refused probe, because the peer sends it again.
    if (reportClosed === null) return;
    const id = newId();
    const duplex = connectStream(id, stream, from);
    const acceptance = encodeDatagram({ kind: 'accept', token, stream: id });
    accepted.set(key, { duplex, answer: acceptance });
    duplex.once('close', () => {
      accepted.delete(key);
      reportClosed();
    });
    sockets?.send(acceptance, from);
    take(duplex, formatAddress(from), origin);
  }

  function receive(bytes: Buffer, from: Candidate): void {
    if (query.receive(bytes)) return;
    const datagram = decodeDatagram(bytes);
    switch (datagram?.kind) {
      case 'probe':
        if (onIncoming !== null && !isClosed) answer(datagram, from, onIncoming);
        return;
      case 'challenge':
        return outgoing.get(datagram.token)?.(datagram, from);
      case 'accept': {
        const opening = outgoing.get(datagram.token);
        if (opening === undefined) sendDatagram({ kind: 'gone', token: datagram.token }, from);
        else opening(datagram, from);
        return;
      }
      case 'gone':
        accepted.get(acceptedKey(from, datagram.token))?.duplex.destroy();
        return;
      case 'punch':
      case undefined:
    }
  }

  const noAnswer = (): string =>
    query.mapping === 'endpoint-dependent'
      ? 'no answer over UDP: the NAT of this network uses a different port for each peer'
      : 'no answer over UDP';

  const connect = (candidate: Candidate, signal: AbortSignal): Promise<RawStream> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const own = open();
      // Throws if this device has no addresses of the same family, IPv4 or IPv6.
      own.socketFor(candidate.ip);
      const token = randomBytes(TOKEN_BYTES).toString('hex');
      const id = newId();
      let probe: Probe = { kind: 'probe', token, stream: id, proof: null };
      let to = candidate;
      let attempts = 0;
      const end = (): void => {
        stopProbing();
        signal.removeEventListener('abort', abort);
      };
      const fail = (reason: unknown): void => {
        end();
        outgoing.delete(token);
        ids.delete(id);
        reject(reason);
      };
      const abort = (): void => fail(signal.reason);
      const attempt = (): void => {
        if (isClosed) return fail(new LinkError(failure('closed')));
        if (attempts === UDP_PROBES) return fail(new LinkError(failure('unreachable', noAnswer())));
        attempts += 1;
        // The punches give the peer time to open its own NAT. A probe that arrives earlier would make the peer's NAT choose
        // another port.
        if (attempts <= UDP_PUNCHES_BEFORE_PROBES) own.send(PUNCH, to, SHORT_TTL);
        else sendDatagram(probe, to);
      };
      const stopProbing = every(schedule, UDP_PROBE_INTERVAL_MS, attempt);
      outgoing.set(token, (reply, from) => {
        if (reply.kind === 'challenge' && probe.proof === null) {
          // If the answer comes from another address, a NAT has changed the address. Continue with the new address.
          to = from;
          probe = { ...probe, proof: reply.proof };
          sendDatagram(probe, to);
        } else if (reply.kind === 'accept') {
          end();
          const duplex = connectStream(id, reply.stream, from);
          // Ignore a repeated `accept`.
          outgoing.set(token, () => undefined);
          duplex.once('close', () => outgoing.delete(token));
          resolve(duplex);
        }
      });
      signal.addEventListener('abort', abort, { once: true });
      attempt();
    });

  return {
    kind: 'udp',
    listen: async (take) => {
      open();
      onIncoming = take;
    },
    addresses() {
      const port = onIncoming === null ? undefined : sockets?.port;
      return port === undefined ? [] : reachableAddresses(host).map((ip) => ({ ip, port }));
    },
    routes: ({ candidates }) =>
      reachable(candidates).map((candidate) => ({
        to: formatAddress(candidate),
        connect: (signal) => connect(candidate, signal),
      })),
    async reflexiveAddresses(ports) {
      if (reflector === undefined || isClosed) return [];
      return query.ask(await reflectorAddresses(reflector, ports));
    },
    punch({ candidates }, signal) {
      // Without `listen` no peer can connect, so punching is useless.
      const own = onIncoming === null ? null : sockets;
      if (own === null) return;
      let punches = 0;
      let cancel: (() => void) | null = null;
      const sendPunches = (): void => {
        if (signal.aborted || isClosed) return;
        const ttl = punches < UDP_FAST_PUNCHES ? SHORT_TTL : undefined;
        punches += 1;
        for (const candidate of reachable(candidates)) own.send(PUNCH, candidate, ttl);
        const isFast = punches < UDP_FAST_PUNCHES;
        cancel = schedule(isFast ? UDP_PROBE_INTERVAL_MS : UDP_SLOW_PUNCH_INTERVAL_MS, sendPunches);
      };
      signal.addEventListener('abort', () => cancel?.(), { once: true });
      sendPunches();
    },
    async close() {
      isClosed = true;
      for (const duplex of duplexes) duplex.destroy();
      for (const stream of streams) stream.destroy();
      await sockets?.close();
    },
  };
}

const acceptedKey = (from: Candidate, token: string): string => `${formatAddress(from)} ${token}`;

const reachable = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ ip, port }) => net.isIP(ip) !== 0 && port > 0).slice(0, ROUTES_LIMIT);
