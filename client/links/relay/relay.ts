// The relay carrier: streams through the broker, which both devices are connected to. The side that opens a stream chooses its id. It
// does not know the broker itself: a messenger sends and receives its messages.
import type { Clock } from '../../../core/time/clock.js';
import type { DeviceId, Ids } from '../../../core/ids.js';
import type { Candidate, Carrier, Incoming, RawStream } from '../carrier.js';
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

/** Messages between this device and others. The sender's id is verified. Messages to an absent device are not stored. */
export interface RelayMessenger {
  /** The longest message in bytes; 0 without a connection. */
  readonly maxBytes: number;
  /** The broker's address as this device sees it; null if it is unknown. */
  readonly brokerAddress: Candidate | null;
  /** Returns false without a connection; nothing was sent. */
  send(to: DeviceId, link: string, bytes: Uint8Array): boolean;
  /** Sends, and calls `onNobody` if the device does not listen. */
  call(to: DeviceId, link: string, bytes: Uint8Array, onNobody: () => void): boolean;
  /** Receives until the function returned is called. `interrupted`: messages in flight may be lost. */
  receive(receiver: {
    message(from: DeviceId, link: string, bytes: Buffer): void;
    interrupted(): void;
  }): () => void;
  /** Resolves when the broker delivers to the receiver that was set; at once without a connection. */
  settled(): Promise<void>;
  /** Resolves true when the broker answers this request, and false if the connection breaks first. Returns null without a connection. */
  askBroker(): Promise<boolean> | null;
}

export interface RelayOptions {
  readonly messenger: RelayMessenger;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** The name of this way for users. */
const VIA = 'the broker';

/**
 * A carrier through the broker. It notices a peer that vanishes silently only when that peer returns or a stream to it is opened; the
 * heartbeat of a link notices sooner.
 */
export function createRelayCarrier({ messenger, ids, clock }: RelayOptions): Carrier {
  const streams = new Map<string, RelayStream>();
  const limiter = createFailedConnectionLimiter<DeviceId>(clock);
  let onIncoming: Incoming | null = null;
  let stopReceiving: (() => void) | null = null;
  let isClosed = false;

  const sendFrame = (to: DeviceId, link: string, frame: RelayFrame): boolean =>
    messenger.send(to, link, encodeRelayFrame(frame));

  function createStream(
    peer: DeviceId,
    link: string,
    granted: number | null,
    onAccepted: () => void,
  ): RelayStream & { readonly duplex: RawStream } {
    const key = streamKey(peer, link);
    const stream = createRelayStream({
      send: (bytes) => messenger.send(peer, link, bytes),
      chunkBytes: Math.min(RELAY_CHUNK_BYTES, messenger.maxBytes - RELAY_HEAD_BYTES),
      granted,
      onAccepted,
      onClosed: () => streams.delete(key),
    });
    streams.set(key, stream);
    // The address of this device is not written to the peer, which may not be allowed to know it.
    const broker = messenger.brokerAddress;
    const ends = broker === null ? null : { local: broker, remote: broker };
    return { ...stream, duplex: Object.assign(stream.duplex, { ends: () => ends }) };
  }

  function accept(from: DeviceId, link: string, granted: number, take: Incoming): void {
    const reportClosed = limiter.admit(from);
    if (reportClosed === null) {
      sendFrame(from, link, { kind: 'reset' });
      return;
    }
    if (!sendFrame(from, link, { kind: 'accept', granted: RELAY_WINDOW_BYTES })) return;
    const { duplex } = createStream(from, link, granted, () => undefined);
    duplex.once('close', reportClosed);
    take(duplex, VIA, from);
  }

  function message(from: DeviceId, link: string, bytes: Buffer): void {
    const frame = decodeRelayFrame(bytes);
    const stream = streams.get(streamKey(from, link));
    if (stream !== undefined) {
      if (frame === null) stream.fail(failure('malformed'));
      else stream.receive(frame);
      return;
    }
    if (frame === null || frame.kind === 'reset') return;
    const isValidOpening =
      frame.kind === 'open' && frame.version === RELAY_VERSION && frame.granted <= RELAY_WINDOW_BYTES;
    if (isValidOpening && onIncoming !== null) accept(from, link, frame.granted, onIncoming);
    // A message of an unknown stream, or an opening that cannot be accepted: the reset spares the other side a wait.
    else sendFrame(from, link, { kind: 'reset' });
  }

  function receive(): void {
    stopReceiving ??= messenger.receive({
      message,
      interrupted() {
        for (const stream of streams.values()) stream.fail(interruption());
      },
    });
  }

  const connect = (device: DeviceId, signal: AbortSignal): Promise<RawStream> =>
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
      if (!messenger.call(device, link, opening, onNobody)) stream.fail(interruption());
    });

  return {
    kind: 'relay',
    async listen(take) {
      onIncoming = take;
      receive();
      await messenger.settled();
    },
    addresses: () => [],
    routes: ({ device }) => [{ to: VIA, connect: (signal) => connect(device, signal) }],
    askServer: () => messenger.askBroker(),
    close() {
      isClosed = true;
      // First, so that a peer that reconnects after the end of its stream is not accepted again.
      stopReceiving?.();
      for (const { duplex } of streams.values()) duplex.destroy();
      return Promise.resolve();
    },
  };
}

const streamKey = (peer: DeviceId, link: string): string => `${peer}.${link}`;
