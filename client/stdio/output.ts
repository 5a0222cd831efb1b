// A writer of whole lines to a stream whose reader may disappear at any time.
import type { Writable } from 'node:stream';

export interface Output {
  /** Writes `text` in one piece; does nothing after the reader has disappeared. */
  write(text: string): void;
  /** Resolves when the reader has taken enough that more can be written, or when it has disappeared. */
  writable(): Promise<void>;
  /** Resolves when everything written has been handed to the operating system, or when the reader has disappeared. */
  flushed(): Promise<void>;
  /** Resolves when writing is no longer possible: a closed pipe, a terminal that hung up, a full disk. */
  readonly gone: Promise<void>;
}

/** Opens the writer. Its error listener is never removed, because an unhandled late error would end the process. */
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
    async writable() {
      if (isGone || !stream.writableNeedDrain) return;
      await Promise.race([gone, new Promise<void>((resolve) => stream.once('drain', resolve))]);
    },
    async flushed() {
      if (isGone || !stream.writable) return;
      await Promise.race([gone, new Promise<void>((resolve) => stream.write('', () => resolve()))]);
    },
  };
}
