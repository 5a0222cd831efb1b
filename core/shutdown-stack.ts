// What has been started and has to be ended: the latest first, and all of it, even where one end fails. It knows not what
// these things are.
import { messageOf } from './errors.js';

export interface Endings {
  add(end: () => void | Promise<void>): void;
  /** Ends everything, once, however often it is called; then rejects with what went wrong, if anything did. */
  run(): Promise<void>;
}

export function createEndings(): Endings {
  const ends: (() => void | Promise<void>)[] = [];
  let running: Promise<void> | null = null;

  async function endAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      try {
        await end();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join('; '));
  }

  return {
    add: (end) => void ends.push(end),
    run: () => (running ??= endAll()),
  };
}
