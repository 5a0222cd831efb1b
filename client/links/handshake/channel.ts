// A channel: link frames over one open encrypted stream, until the stream ends. The peer's key is already verified. It does not
// number or acknowledge frames.
import type { Schedule } from '../../../core/time/clock.js';
import type { PacketCounts, StreamEnds } from '../carrier.js';
import { abortFailure, type Failure, failure, type LinkResult } from '../failure.js';
import {
  type CloseCode,
  type DataFrame,
  decodeLinkFrame,
  encodeLinkFrame,
  type LinkFrame,
} from '../session/frames.js';
import { type EncryptedStream, endWithMessage } from './noise.js';

export interface ChannelListener {
  frame(frame: LinkFrame): void;
  /** Called when frames may be sent again after `isWritable` was false. */
  drained(): void;
  /** Called once at the end, unless this side closed the channel. */
  ended(failure: Failure): void;
}

export interface Channel {
  /** Starts reading frames for this listener. A later listener gets the frames after the last one delivered. */
  listen(listener: ChannelListener): void;
  /** Stops reading until the next `listen`. */
  hold(): void;
  send(frame: Exclude<LinkFrame, { kind: 'data' }> | DataFrame): void;
  isWritable(): boolean;
  /** Sends the reason and closes; the listener receives nothing more. */
  close(code: CloseCode): void;
  /** Closes at once without sending a reason. */
  destroy(): void;
  readonly closed: Promise<void>;
  /** The packet counts of the carrier; null if the carrier has none. */
  readonly packets: () => PacketCounts | null;
  /** The addresses of both ends; null while they are unknown. */
  readonly ends: () => StreamEnds | null;
}

export function createChannel(
  { stream, ended, packets, ends }: EncryptedStream,
  schedule: Schedule,
): Channel {
  let listener: ChannelListener | null = null;
  let unread: Buffer[] = [];
  let end: Failure | null = null;
  let isWritable = true;
  let isClosedHere = false;
  let isReported = false;

  const report = (reason: Failure): void => {
    if (listener === null || isClosedHere || isReported) return;
    isReported = true;
    listener.ended(reason);
  };
  const finish = (reason: Failure): void => {
    if (end !== null) return;
    end = reason;
    report(reason);
  };
  const endWith = (code: CloseCode): void =>
    endWithMessage(stream, encodeLinkFrame({ kind: 'close', code }), schedule);
  const close = (code: CloseCode): void => {
    if (end !== null) return;
    isClosedHere = true;
    finish(failure('closed', code));
    endWith(code);
  };
  const read = (bytes: Buffer, to: ChannelListener): void => {
    const frame = decodeLinkFrame(bytes);
    if (frame !== null) {
      to.frame(frame);
      return;
    }
    finish(failure('malformed'));
    endWith('malformed');
  };

  const closed = ended.then(finish);
  stream.on('end', () => stream.end());
  stream.on('drain', () => {
    isWritable = true;
    if (end === null) listener?.drained();
  });
  stream.on('data', (bytes: Buffer) => {
    if (end !== null) return;
    if (listener === null) unread.push(bytes);
    else read(bytes, listener);
  });
  stream.pause();

  return {
    closed,
    packets,
    ends,
    listen(next) {
      listener = next;
      const early = unread;
      unread = [];
      for (const bytes of early) if (end === null) read(bytes, next);
      if (end === null) stream.resume();
      else report(end);
    },
    hold() {
      listener = null;
      stream.pause();
    },
    send(frame) {
      if (end === null) isWritable = stream.write(encodeLinkFrame(frame));
    },
    isWritable: () => isWritable && end === null,
    close,
    destroy() {
      isClosedHere = true;
      finish(failure('closed'));
      stream.destroy();
    },
  };
}

/**
 * Resolves with the first frame of the peer; the channel is then held until its next listener. If `signal` is aborted first, the
 * channel is destroyed.
 */
export function firstFrame(channel: Channel, signal: AbortSignal): Promise<LinkResult<LinkFrame>> {
  return new Promise((resolve) => {
    const settle = (result: LinkResult<LinkFrame>): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const abort = (): void => {
      channel.destroy();
      settle({ ok: false, failure: abortFailure(signal) });
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    channel.listen({
      frame(frame) {
        channel.hold();
        settle({ ok: true, value: frame });
      },
      drained() {},
      ended: (failure) => settle({ ok: false, failure }),
    });
  });
}
