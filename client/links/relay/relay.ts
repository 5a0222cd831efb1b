// The relay carrier: streams through the broker, which both devices are connected to. The side that opens a stream chooses its
// id. It does not use the broker directly: a messenger sends and receives the messages.
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
  /** Sends a message. Without a connection, returns false and sends nothing. */
  send(to: DeviceId, link: string, bytes: Uint8Array): boolean;
  /** Like `send`, but calls `onNobody` if the device does not receive messages. */
  call(to: DeviceId, link: string, bytes: Uint8Array, onNobody: () => void): boolean;
  /**
   * Passes messages to `receiver` until the returned function is called. `interrupted` is called when messages in flight may have
   * been lost.
   */
  receive(receiver: {
    message(from: DeviceId, link: string, bytes: Buffer): void;
    interrupted(): void;
  }): () => void;
  /** Resolves when the broker has started to deliver messages to the receiver; at once without a connection. */
  settled(): Promise<void>;
  /**
   * Asks the broker for an answer. Resolves true when the broker answers, and false if the connection breaks first. Null without
   * a connection.
   */
  askBroker(): Promise<boolean> | null;
}

export interface RelayOptions {
  readonly messenger: RelayMessenger;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** The name of this carrier that users see. */
const VIA = 'the broker';

/**
 * A carrier through the broker. If a peer vanishes silently, the carrier notices it only when the peer returns, or when this side
 * opens a new stream to the peer. The heartbeat of a link notices it sooner.
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
    // Both ends are the broker's address. The address of this device must not be sent to the peer, because the peer may not be
    // allowed to see this address.
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
    // The message belongs to an unknown stream, or the opening cannot be accepted. Send a reset so that the peer does not wait
    // for an answer.
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
      // Stop receiving before destroying the streams. Otherwise a peer could reconnect after the end of its stream and be
      // accepted again.
      stopReceiving?.();
      for (const { duplex } of streams.values()) duplex.destroy();
      return Promise.resolve();
    },
  };
}

const streamKey = (peer: DeviceId, link: string): string => `${peer}.${link}`;
