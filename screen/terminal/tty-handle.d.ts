// The handle of a terminal's output, which Node's types omit.
import 'node:tty';

declare module 'node:tty' {
  interface WriteStream {
    /** Absent once the stream is closed. */
    readonly _handle?: { setBlocking(isBlocking: boolean): number } | null;
  }
}
