// One relayed stream: a duplex that sends only as much as the other end has granted. It is independent of the broker; the owner
// of the stream passes it the frames.
import { Duplex } from 'node:stream';
import { type Failure, failure, LinkError } from '../failure.js';
import { RELAY_WINDOW_BYTES } from '../limits.js';
import { costOf, encodeRelayFrame, MESSAGE_OVERHEAD_BYTES, type RelayFrame } from './frames.js';

const HIGH_WATER_BYTES = 64 * 1024;

export interface RelayStreamOptions {
  /** Sends one message to the other end; false without a connection. */
  readonly send: (bytes: Buffer) => boolean;
  /** The longest chunk that fits into a message after its header. */
  readonly chunkBytes: number;
  /** The first grant of the other end; null until the other end has accepted the stream. */
  readonly granted: number | null;
  readonly onAccepted: () => void;
  /** Called once, when the stream is destroyed. */
  readonly onClosed: () => void;
}

export interface RelayStream {
  readonly duplex: Duplex;
  /** Handles a frame from the other end, valid or not. */
  receive(frame: RelayFrame): void;
  /** Destroys the stream with this reason, and resets the other end. */
  fail(reason: Failure): void;
}

/**
 * Creates the stream. The caller must already have sent the message that opens or accepts the stream and grants
 * `RELAY_WINDOW_BYTES` to the other end.
 */
export function createRelayStream(options: RelayStreamOptions): RelayStream {
  const { send, chunkBytes } = options;
  // The outgoing direction. Chunks up to the position `sentUpTo` are sent. The other end accepts chunks up to the position
  // `granted`.
  let granted = options.granted;
  let sentUpTo = 0;
  let outgoing: Buffer = Buffer.alloc(0);
  let onWritten: (() => void) | null = null;
  // The incoming direction: `incoming` are the chunks received and not yet read. When a chunk is read, its cost is granted to the
  // other end again.
  let incoming: Buffer[] = [];
  let receivedUpTo = 0;
  let readUpTo = 0;
  let promised = RELAY_WINDOW_BYTES;
  let isEnded = false;
  let isWanted = false;

  const duplex = new Duplex({
    allowHalfOpen: false,
    highWaterMark: HIGH_WATER_BYTES,
    decodeStrings: true,
    writev(chunks, callback) {
      outgoing = Buffer.concat(chunks.map(({ chunk }): Buffer => chunk));
      onWritten = callback;
      pump();
    },
    final(callback) {
      sendFrame({ kind: 'end', at: sentUpTo });
      callback();
    },
    read() {
      isWanted = true;
      hand();
    },
    destroy(error, callback) {
      const isClean = isEnded && duplex.writableFinished;
      if (!isClean) send(encodeRelayFrame({ kind: 'reset' }));
      incoming = [];
      outgoing = Buffer.alloc(0);
      options.onClosed();
      callback(error);
    },
  });

  // A reset may arrive together with the acceptance, before the owner listens for errors, and must not crash the process. A
  // listener of the owner is called as well.
  duplex.on('error', () => undefined);

  function sendFrame(frame: RelayFrame): void {
    if (!send(encodeRelayFrame(frame))) fail(interruption());
  }

  function fail(reason: Failure): void {
    duplex.destroy(new LinkError(reason));
  }

  function pump(): void {
    while (outgoing.length > 0 && !duplex.destroyed) {
      const room = (granted ?? 0) - sentUpTo - MESSAGE_OVERHEAD_BYTES;
      if (room <= 0) return;
      const bytes = outgoing.subarray(0, Math.min(room, chunkBytes));
      outgoing = outgoing.subarray(bytes.length);
      sendFrame({ kind: 'chunk', at: sentUpTo, bytes });
      sentUpTo += costOf(bytes);
    }
    const done = onWritten;
    onWritten = null;
    done?.();
  }

  function hand(): void {
    while (isWanted && !duplex.destroyed) {
      const bytes = incoming.shift();
      if (bytes === undefined) break;
      readUpTo += costOf(bytes);
      isWanted = duplex.push(bytes);
    }
    if (isEnded && incoming.length === 0) duplex.push(null);
    else if (readUpTo + RELAY_WINDOW_BYTES - promised >= RELAY_WINDOW_BYTES / 4) {
      promised = readUpTo + RELAY_WINDOW_BYTES;
      sendFrame({ kind: 'grant', granted: promised });
    }
  }

  function take(upTo: number): void {
    // No version of the protocol grants more than the window. A larger grant could only fill the memory.
    if (upTo > sentUpTo + RELAY_WINDOW_BYTES)
      fail(failure('malformed', 'it grants more than the window allows'));
    else {
      granted = Math.max(granted ?? 0, upTo);
      pump();
    }
  }

  return {
    duplex,
    fail,
    receive(frame) {
      if (duplex.destroyed) return;
      if (granted === null && frame.kind !== 'accept' && frame.kind !== 'reset') {
        fail(failure('malformed', `the first message was ${frame.kind}`));
        return;
      }
      switch (frame.kind) {
        case 'accept':
          if (granted === null) {
            take(frame.granted);
            options.onAccepted();
            return;
          }
          return fail(failure('malformed', 'it accepted the stream twice'));
        case 'open':
          return fail(failure('malformed', 'it opened the stream twice'));
        case 'grant':
          return take(frame.granted);
        case 'chunk':
          if (frame.at !== receivedUpTo || isEnded)
            return fail(failure('closed', 'part of the stream was lost'));
          receivedUpTo += costOf(frame.bytes);
          if (receivedUpTo > promised) return fail(failure('malformed', 'it sends more than it was granted'));
          incoming.push(frame.bytes);
          return hand();
        case 'end':
          if (frame.at !== receivedUpTo || isEnded)
            return fail(failure('closed', 'part of the stream was lost'));
          isEnded = true;
          return hand();
        case 'reset':
          return fail(failure('closed', 'ended by the other device'));
      }
    },
  };
}

/** The failure of a stream whose connection to the broker is lost or missing. */
export const interruption = (): Failure => failure('closed', 'the connection to the broker was interrupted');
