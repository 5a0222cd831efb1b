// Frames over one open encrypted stream, until it ends. Knows the peer's key is right, and nothing of sessions.
import type { PacketCounts } from '../carrier.js';
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
  /** Frames may be sent again after `isWritable` was false. */
  drained(): void;
  /** Once, at the end, unless this end closed the channel itself. */
  ended(failure: Failure): void;
}

export interface Channel {
  /** Starts reading, or goes on for another listener from the frame after the last one given. */
  listen(listener: ChannelListener): void;
  /** Stops reading until the next `listen`. */
  hold(): void;
  send(frame: Exclude<LinkFrame, { kind: 'data' }> | DataFrame): void;
  isWritable(): boolean;
  /** Says why and hangs up; the listener hears nothing more. */
  close(code: CloseCode): void;
  /** Ends it at once and without a word. */
  destroy(): void;
  readonly closed: Promise<void>;
  /** What its carrier has counted; null if that counts nothing. */
  readonly packets: () => PacketCounts | null;
}

export function createChannel({ stream, ended, packets }: EncryptedStream): Channel {
  let listener: ChannelListener | null = null;
  let held: Buffer[] = [];
  let end: Failure | null = null;
  let isWritable = true;
  let isOurs = false;
  let isTold = false;

  const tell = (reason: Failure): void => {
    if (listener === null || isOurs || isTold) return;
    isTold = true;
    listener.ended(reason);
  };
  const finish = (reason: Failure): void => {
    if (end !== null) return;
    end = reason;
    tell(reason);
  };
  const close = (code: CloseCode): void => {
    if (end !== null) return;
    isOurs = true;
    finish(failure('closed', code));
    endWithMessage(stream, encodeLinkFrame({ kind: 'close', code }));
  };
  const read = (bytes: Buffer, to: ChannelListener): void => {
    const frame = decodeLinkFrame(bytes);
    if (frame !== null) {
      to.frame(frame);
      return;
    }
    finish(failure('malformed'));
    endWithMessage(stream, encodeLinkFrame({ kind: 'close', code: 'malformed' }));
  };

  const closed = ended.then(finish);
  stream.on('end', () => stream.end());
  stream.on('drain', () => {
    isWritable = true;
    if (end === null) listener?.drained();
  });
  stream.on('data', (bytes: Buffer) => {
    if (end !== null) return;
    if (listener === null) held.push(bytes);
    else read(bytes, listener);
  });
  stream.pause();

  return {
    closed,
    packets,
    listen(next) {
      listener = next;
      const early = held;
      held = [];
      for (const bytes of early) if (end === null) read(bytes, next);
      if (end === null) stream.resume();
      else tell(end);
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
      isOurs = true;
      finish(failure('closed'));
      stream.destroy();
    },
  };
}

/** The first frame of the other end, if it comes; the channel is then held for its next listener, else destroyed. */
export function firstFrame(channel: Channel, signal: AbortSignal): Promise<LinkResult<LinkFrame>> {
  return new Promise((resolve) => {
    const settle = (outcome: LinkResult<LinkFrame>): void => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
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
