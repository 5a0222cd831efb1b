// What the types of Node leave out of a terminal's output.
import 'node:tty';

declare module 'node:tty' {
  interface WriteStream {
    /** Gone once the stream is closed. */
    readonly _handle?: { setBlocking(isBlocking: boolean): number } | null;
  }
}
