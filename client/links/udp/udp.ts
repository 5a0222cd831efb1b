// The UDP carrier: all streams over one port, which is also what opens the way through a NAT. Trusts no datagram: an
// address that knocks has to prove that it is there before it costs memory.
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import UDX, { type Stream } from 'udx-native';
import type { Clock } from '../../../core/time/clock.js';
import type { Log } from '../../../core/log.js';
import { type Origin, originOf } from '../../../core/origin.js';
import { reachableAddresses, formatAddress } from '../addresses.js';
import type { Candidate, Carrier, Incoming, RawStream } from '../carrier.js';
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
import { createReflexiveAddressQuery, reflectorAddresses } from './reflexive-address.js';
import { openUdpSockets, type UdpSockets } from './sockets.js';
import { udpDuplex } from './stream.js';

const PROOF_LIFE_MS = 10_000;
// Far enough to leave one's own network, too short to reach the other's. There, what comes before it is expected may shut the
// door: a Linux router without a firewall of its own takes it as its own, and then gives its device another port for us.
const SHORT_TTL = 2;
const PUNCH = encodeDatagram({ kind: 'punch' });

export interface UdpOptions {
  /** The address to use; all interfaces unless told. */
  readonly host?: string;
  /** Where the tracker's reflector is: a name or an address; it is asked for nothing when undefined. */
  readonly reflector?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A carrier over UDP. `listen` rejects with the system's error if there is no port. */
export function createUdpCarrier({ host, reflector, clock, log }: UdpOptions): Carrier {
  const udx = new UDX();
  const secret = randomBytes(32);
  const ids = new Set<number>();
  const duplexes = new Set<Duplex>();
  const streams = new Set<Stream>();
  // Of the streams this side asked for, by token; and of those it accepted, by address and token.
  const asked = new Map<string, (answer: Datagram, from: Candidate) => void>();
  const accepted = new Map<string, { readonly duplex: Duplex; readonly answer: Buffer }>();
  const limiter = createFailedConnectionLimiter<Origin>(clock);
  const view = createReflexiveAddressQuery((bytes, to) => open().send(bytes, to));
  let onIncoming: Incoming | null = null;
  let sockets: UdpSockets | null = null;
  let isClosed = false;

  function open(): UdpSockets {
    if (sockets !== null) return sockets;
    if (isClosed) throw new LinkError(failure('closed'));
    sockets = openUdpSockets({ udx, host, onMessage: receive, log });
    return sockets;
  }

  function say(datagram: Datagram, to: Candidate): void {
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
    const duplex = udpDuplex(stream);
    duplexes.add(duplex);
    duplex.once('close', () => duplexes.delete(duplex));
    return duplex;
  }

  function proofFor({ ip, port }: Candidate, token: string, age: number): string {
    const period = Math.floor(clock.now() / PROOF_LIFE_MS) - age;
    const mac = createHmac('sha256', secret).update(`${ip} ${port} ${token} ${period}`).digest();
    return mac.toString('hex', 0, PROOF_BYTES);
  }

  function answer(knock: Probe, from: Candidate, take: Incoming): void {
    const { token, stream, proof } = knock;
    const place = `${formatAddress(from)} ${token}`;
    const known = accepted.get(place);
    if (known !== undefined) {
      sockets?.send(known.answer, from);
      return;
    }
    if (proof === null || (proof !== proofFor(from, token, 0) && proof !== proofFor(from, token, 1))) {
      say({ kind: 'challenge', token, proof: proofFor(from, token, 0) }, from);
      return;
    }
    const origin = originOf(from.ip);
    const leave = limiter.enter(origin);
    // It knocks again.
    if (leave === null) return;
    const id = newId();
    const duplex = connectStream(id, stream, from);
    const acceptance = encodeDatagram({ kind: 'accept', token, stream: id });
    accepted.set(place, { duplex, answer: acceptance });
    duplex.once('close', () => {
      accepted.delete(place);
      leave();
    });
    sockets?.send(acceptance, from);
    take(duplex, formatAddress(from), origin);
  }

  function receive(bytes: Buffer, from: Candidate): void {
    if (view.receive(bytes)) return;
    const datagram = decodeDatagram(bytes);
    switch (datagram?.kind) {
      case 'knock':
        if (onIncoming !== null && !isClosed) answer(datagram, from, onIncoming);
        return;
      case 'challenge':
        return asked.get(datagram.token)?.(datagram, from);
      case 'accept': {
        const opening = asked.get(datagram.token);
        if (opening === undefined) say({ kind: 'gone', token: datagram.token }, from);
        else opening(datagram, from);
        return;
      }
      case 'gone':
        accepted.get(`${formatAddress(from)} ${datagram.token}`)?.duplex.destroy();
        return;
      case 'punch':
      case undefined:
    }
  }

  const whyNoAnswer = (): string =>
    view.nat === 'changing'
      ? 'no answer over UDP: the NAT of this network gives each peer another port'
      : 'no answer over UDP';

  const connect = (candidate: Candidate, signal: AbortSignal): Promise<RawStream> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const own = open();
      // Throws where there is no way to such an address at all.
      own.socketFor(candidate.ip);
      const token = randomBytes(TOKEN_BYTES).toString('hex');
      const id = newId();
      let knock: Probe = { kind: 'knock', token, stream: id, proof: null };
      let to = candidate;
      let knocks = 0;
      const end = (): void => {
        clearInterval(timer);
        signal.removeEventListener('abort', abort);
      };
      const fail = (reason: unknown): void => {
        end();
        asked.delete(token);
        ids.delete(id);
        reject(reason);
      };
      const abort = (): void => fail(signal.reason);
      const again = (): void => {
        if (isClosed) return fail(new LinkError(failure('closed')));
        if (knocks === UDP_PROBES) return fail(new LinkError(failure('unreachable', whyNoAnswer())));
        knocks += 1;
        // The other side has as long to open its NAT, which a knock that comes too soon would make choose another port.
        if (knocks <= UDP_PUNCHES_BEFORE_PROBES) own.send(PUNCH, to, SHORT_TTL);
        else say(knock, to);
      };
      const timer = setInterval(again, UDP_PROBE_INTERVAL_MS);
      asked.set(token, (reply, from) => {
        if (reply.kind === 'challenge' && knock.proof === null) {
          // Who answers from another address is behind a NAT that changed it: that is where the way leads.
          to = from;
          knock = { ...knock, proof: reply.proof };
          say(knock, to);
        } else if (reply.kind === 'accept') {
          end();
          const duplex = connectStream(id, reply.stream, from);
          // Told again, it is no news.
          asked.set(token, () => undefined);
          duplex.once('close', () => asked.delete(token));
          resolve(duplex);
        }
      });
      signal.addEventListener('abort', abort, { once: true });
      again();
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
      return view.ask(await reflectorAddresses(reflector, ports));
    },
    expect({ candidates }, signal) {
      // Nobody comes to who does not listen.
      const own = onIncoming === null ? null : sockets;
      if (own === null) return;
      let punches = 0;
      let timer: NodeJS.Timeout | undefined;
      const punch = (): void => {
        if (signal.aborted || isClosed) return;
        const ttl = punches < UDP_FAST_PUNCHES ? SHORT_TTL : undefined;
        punches += 1;
        for (const candidate of reachable(candidates)) own.send(PUNCH, candidate, ttl);
        timer = setTimeout(
          punch,
          punches < UDP_FAST_PUNCHES ? UDP_PROBE_INTERVAL_MS : UDP_SLOW_PUNCH_INTERVAL_MS,
        );
        timer.unref();
      };
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      punch();
    },
    async close() {
      isClosed = true;
      for (const duplex of duplexes) duplex.destroy();
      for (const stream of streams) stream.destroy();
      await sockets?.close();
    },
  };
}

const reachable = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ ip, port }) => net.isIP(ip) !== 0 && port > 0).slice(0, ROUTES_LIMIT);
