// The shutdown stack of a composition: closes everything that was opened, the latest first, even if some parts fail to close.
import { messageOf } from './errors.js';

type Close = () => void | Promise<void>;

export interface ShutdownStack {
  add(close: Close): void;
  /**
   * Closes everything, once, however often it is called. If one part fails to close, the other parts are still closed, and then
   * `close` rejects: with the single error, or with an `AggregateError` of all errors in the order in which they occurred.
   */
  close(): Promise<void>;
}

/** Calls `close` after a failure, then throws that failure. An error of `close` itself goes to `report`. */
export async function closeAndThrow(
  failure: unknown,
  close: Close,
  report: (error: unknown) => void,
): Promise<never> {
  try {
    await close();
  } catch (error) {
    report(error);
  }
  throw failure;
}

export function createShutdownStack(): ShutdownStack {
  const opened: Close[] = [];
  let closing: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
      try {
        await close();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join('; '));
  }

  return {
    add: (close) => void opened.push(close),
    close: () => (closing ??= closeAll()),
  };
}
