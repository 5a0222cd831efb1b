// The relay carrier: streams through what both devices can reach anyhow, told apart by the id that their opener made up.
// Refuses to know the broker: it is given a line.
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../core/time/clock.js';
import type { DeviceId, Ids } from '../../../core/ids.js';
import type { Carrier, Incoming } from '../carrier.js';
import { failure, LinkError } from '../failure.js';
import { RELAY_CHUNK_BYTES, RELAY_WINDOW_BYTES } from '../limits.js';
import {
  decodeRelayFrame,
  encodeRelayFrame,
  RELAY_HEAD_BYTES,
  RELAY_VERSION,
  type RelayFrame,
} from './frames.js';
import { createRelayStream, interruption, type RelayStream } from './stream.js';
import { createFailedConnectionLimiter } from '../admission/failed-connection-limiter.js';

/** This device's way to all others; who sent a message is vouched for. Nothing is kept for who is away. */
export interface RelayMessenger {
  /** The most bytes of one message; 0 without a connection. */
  readonly maxBytes: number;
  /** False without a connection: nothing was sent. */
  send(to: DeviceId, link: string, bytes: Uint8Array): boolean;
  /** Like `send`; `onNobody` if it turns out that nobody listens there. */
  call(to: DeviceId, link: string, bytes: Uint8Array, onNobody: () => void): boolean;
  /** Until the returned function is called. `interrupted`: what was under way may be lost. */
  receive(receiver: {
    message(from: DeviceId, link: string, bytes: Buffer): void;
    interrupted(): void;
  }): () => void;
  /** Resolves when whoever sends to this device reaches what was set to receive before, as far as there is a connection. */
  settled(): Promise<void>;
}

export interface RelayOptions {
  readonly line: RelayMessenger;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** For people. */
const WAY = 'the broker';

/**
 * A carrier over a line. Of a peer that vanishes without a word it learns only when it comes back or is opened anew; the
 * pulse of a link notices before.
 */
export function createRelayCarrier({ line, ids, clock }: RelayOptions): Carrier {
  const streams = new Map<string, RelayStream>();
  const limiter = createFailedConnectionLimiter<DeviceId>(clock);
  let onIncoming: Incoming | null = null;
  let stopReceiving: (() => void) | null = null;
  let isClosed = false;

  const say = (to: DeviceId, link: string, frame: RelayFrame): boolean =>
    line.send(to, link, encodeRelayFrame(frame));

  function createStream(
    peer: DeviceId,
    link: string,
    granted: number | null,
    onAccepted: () => void,
  ): RelayStream {
    const place = placeOf(peer, link);
    const stream = createRelayStream({
      send: (bytes) => line.send(peer, link, bytes),
      chunkBytes: Math.min(RELAY_CHUNK_BYTES, line.maxBytes - RELAY_HEAD_BYTES),
      granted,
      onAccepted,
      onClosed: () => streams.delete(place),
    });
    streams.set(place, stream);
    return stream;
  }

  function accept(from: DeviceId, link: string, granted: number, take: Incoming): void {
    const leave = limiter.enter(from);
    if (leave === null) {
      say(from, link, { kind: 'reset' });
      return;
    }
    if (!say(from, link, { kind: 'accept', granted: RELAY_WINDOW_BYTES })) return;
    const { duplex } = createStream(from, link, granted, () => undefined);
    duplex.once('close', leave);
    take(duplex, WAY, from);
  }

  function message(from: DeviceId, link: string, bytes: Buffer): void {
    const frame = decodeRelayFrame(bytes);
    const stream = streams.get(placeOf(from, link));
    if (stream !== undefined) {
      if (frame === null) stream.fail(failure('malformed'));
      else stream.receive(frame);
      return;
    }
    if (frame === null || frame.kind === 'reset') return;
    const isFitting =
      frame.kind === 'open' && frame.version === RELAY_VERSION && frame.granted <= RELAY_WINDOW_BYTES;
    if (isFitting && onIncoming !== null) accept(from, link, frame.granted, onIncoming);
    // Left over from a stream that one side has forgotten, or nothing for us: the other side should not wait.
    else say(from, link, { kind: 'reset' });
  }

  function receive(): void {
    stopReceiving ??= line.receive({
      message,
      interrupted() {
        for (const stream of streams.values()) stream.fail(interruption());
      },
    });
  }

  const connect = (device: DeviceId, signal: AbortSignal): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (isClosed) throw new LinkError(failure('closed'));
      receive();
      const link = ids.next();
      const stream = createStream(device, link, null, () => {
        settle();
        resolve(stream.duplex);
      });
      const { duplex } = stream;
      const settle = (): void => {
        signal.removeEventListener('abort', abort);
        duplex.off('error', fail);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const abort = (): void => {
        fail(signal.reason);
        duplex.destroy();
      };
      signal.addEventListener('abort', abort, { once: true });
      duplex.once('error', fail);
      const opening = encodeRelayFrame({ kind: 'open', granted: RELAY_WINDOW_BYTES, version: RELAY_VERSION });
      const onNobody = (): void => stream.fail(failure('unreachable', 'it is not connected to the broker'));
      if (!line.call(device, link, opening, onNobody)) stream.fail(interruption());
    });

  return {
    kind: 'relay',
    async listen(take) {
      onIncoming = take;
      receive();
      await line.settled();
    },
    addresses: () => [],
    routes: ({ device }) => [{ to: WAY, connect: (signal) => connect(device, signal) }],
    close() {
      isClosed = true;
      // First, so that whoever is told now and comes again finds nobody.
      stopReceiving?.();
      for (const { duplex } of streams.values()) duplex.destroy();
      return Promise.resolve();
    },
  };
}

const placeOf = (peer: DeviceId, link: string): string => `${peer}.${link}`;
