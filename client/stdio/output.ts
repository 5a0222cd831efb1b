// Whole lines onto a stream whose reader may leave at any time, for the faces that write lines.
import type { Writable } from 'node:stream';

export interface Output {
  /** Hands `text` over in one piece; does nothing once the reader has gone. */
  write(text: string): void;
  /** Resolves when the reader has taken what was written, or has gone. */
  flushed(): Promise<void>;
  /** Resolves when the reader has gone: a closed pipe, a terminal that hung up, a full disk. */
  readonly gone: Promise<void>;
}

/** The listener for errors stays for good: a late one must not end the process. */
export function openOutput(stream: Writable): Output {
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const leave = (): void => {
      isGone = true;
      resolve();
    };
    stream.on('error', leave);
    stream.on('close', leave);
  });
  return {
    gone,
    write(text) {
      if (!isGone && stream.writable) stream.write(text);
    },
    async flushed() {
      if (isGone || !stream.writable) return;
      await Promise.race([gone, new Promise<void>((resolve) => stream.write('', () => resolve()))]);
    },
  };
}
