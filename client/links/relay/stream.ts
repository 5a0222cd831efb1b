// One relayed stream: a duplex whose other end takes only as much as it has granted. Knows no broker; it is told what came.
import { Duplex } from 'node:stream';
import { type Failure, failure, LinkError } from '../failure.js';
import { RELAY_WINDOW_BYTES } from '../limits.js';
import { costOf, encodeRelayFrame, MESSAGE_OVERHEAD_BYTES, type RelayFrame } from './frames.js';

const HIGH_WATER_BYTES = 64 * 1024;

export interface RelayStreamOptions {
  /** One message to the other end; false when there is no connection now. */
  readonly send: (bytes: Buffer) => boolean;
  /** The longest chunk that `send` takes with its head. */
  readonly chunkBytes: number;
  /** What the other end takes from the start; null until it has accepted. */
  readonly granted: number | null;
  readonly onAccepted: () => void;
  /** Once, when nothing of the stream is left. */
  readonly onClosed: () => void;
}

export interface RelayStream {
  readonly duplex: Duplex;
  /** What came from the other end, whatever it is. */
  receive(frame: RelayFrame): void;
  /** Ends it at both ends, with this reason here. */
  fail(reason: Failure): void;
}

/** This end has granted `RELAY_WINDOW_BYTES` in the message that opened or accepted the stream. */
export function createRelayStream(options: RelayStreamOptions): RelayStream {
  const { send, chunkBytes } = options;
  // Outgoing: chunks before `sentUpTo` are on their way, `granted` is how far the other end lets them go.
  let granted = options.granted;
  let sentUpTo = 0;
  let outgoing: Buffer = Buffer.alloc(0);
  let onWritten: (() => void) | null = null;
  // Incoming: what came and nobody has read yet; what was read is granted anew.
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
      say({ kind: 'end', at: sentUpTo });
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

  // A reset may come in the turn of the acceptance, before anybody listens; whoever does hears of it, too.
  duplex.on('error', () => undefined);

  function say(frame: RelayFrame): void {
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
      say({ kind: 'chunk', at: sentUpTo, bytes });
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
      say({ kind: 'grant', granted: promised });
    }
  }

  function take(upTo: number): void {
    // More would only be held in memory here: no version of the protocol grants it.
    if (upTo > sentUpTo + RELAY_WINDOW_BYTES) fail(failure('malformed', 'it grants more than there can be'));
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
        fail(failure('malformed', `it began with ${frame.kind}`));
        return;
      }
      switch (frame.kind) {
        case 'accept':
          if (granted === null) {
            take(frame.granted);
            options.onAccepted();
            return;
          }
          return fail(failure('malformed', 'it accepted twice'));
        case 'open':
          return fail(failure('malformed', 'it opened twice'));
        case 'grant':
          return take(frame.granted);
        case 'chunk':
          if (frame.at !== receivedUpTo || isEnded) return fail(failure('closed', 'a part of it got lost'));
          receivedUpTo += costOf(frame.bytes);
          if (receivedUpTo > promised) return fail(failure('malformed', 'it sends more than it may'));
          incoming.push(frame.bytes);
          return hand();
        case 'end':
          if (frame.at !== receivedUpTo || isEnded) return fail(failure('closed', 'a part of it got lost'));
          isEnded = true;
          return hand();
        case 'reset':
          return fail(failure('closed', 'the other side hung up'));
      }
    },
  };
}

/** Why a stream ends, or cannot begin, when the broker cannot be reached. */
export const interruption = (): Failure => failure('closed', 'the connection to the broker was interrupted');
